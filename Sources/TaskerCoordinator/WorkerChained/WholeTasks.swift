import AMQPClient
import Celery
import Foundation
import Logging
import PrometheusMetrics
import ScanModel
import ScanStore
import Telemetry

/// Follows whole tasks to their end: by what workers tell, and, where that was missed, by what is found in the queue, at
/// the workers and in the keys that they share. The one owner of whole tasks between their dispatch and their outcome.
actor WholeTasks {
    private let book: ScanBook
    private let store: LeaderStore
    private let refresh: ScanRefresh
    private let ends: WholeTaskEnds
    private let verification: LedgerVerification
    private let stops: WholeTaskStops
    private let look: WholeTaskLook
    private let dispatch: Wake
    private let logger: Logger
    private let clock = ContinuousClock()
    private var tasks: [TaskReference: WholeTask] = [:]

    private static let interval = Duration.seconds(5)
    /// A task younger than this is not looked for: its message or its news may be on the way.
    private static let quiet = Duration.seconds(10)

    init(
        book: ScanBook,
        store: LeaderStore,
        refresh: ScanRefresh,
        ends: WholeTaskEnds,
        verification: LedgerVerification,
        stops: WholeTaskStops,
        look: WholeTaskLook,
        dispatch: Wake,
        logger: Logger
    ) {
        self.book = book
        self.store = store
        self.refresh = refresh
        self.ends = ends
        self.verification = verification
        self.stops = stops
        self.look = look
        self.dispatch = dispatch
        self.logger = logger
    }

    /// Looks for quiet tasks from time to time, until the term ends.
    func run() async throws {
        while !Task.isCancelled {
            do {
                try await round()
            } catch let error as StoreError where error.isRetryable {
                logger.warning("following tasks waits for Redis", metadata: [LogKey.error: "\(error)"])
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Takes a step in that a worker told.
    func heard(_ move: WorkerMonitor.TaskMove) async throws {
        guard let task = await book.task(move.task.id), await book.chaining(of: task.scan) == .worker,
            let observation = WholeTask.Observation(move)
        else { return }
        do {
            try await observe(observation, of: task, startedAt: move.at)
        } catch let error as StoreError where error.isRetryable {
            // The next look finds what this would have said.
            logger.warning("news of a task was not recorded", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func round() async throws {
        let known = await book.outstanding(chainedBy: .worker)
        let references = Set(known.map(\.reference))
        tasks = tasks.filter { references.contains($0.key) }
        let old = known.filter { clock.now - $0.since >= Self.quiet }
        guard !old.isEmpty, let sight = try await look.find(old.map(\.reference)) else { return }
        for task in old {
            let reference = task.reference
            if sight.isRemoved(reference) {
                try await observe(.passed, of: reference)
            } else if await isOverdue(task) {
                try await observe(.overdue, of: reference)
            } else if let note = sight.running(reference), task.state != .finishing {
                try await observe(.began(host: note.host), of: reference, startedAt: note.startedAt)
            } else {
                try await observe(.looked(sight.finding(of: reference)), of: reference)
            }
        }
    }

    private func isOverdue(_ task: TargetLife) async -> Bool {
        guard task.state == .started, let request = await book.entry(task.reference.scan)?.request else { return false }
        return clock.now - task.since > TaskLife.of(request, chainedBy: .worker)
    }

    private func observe(
        _ observation: WholeTask.Observation,
        of task: TaskReference,
        startedAt: Int = UnixTime.seconds
    ) async throws {
        guard let known = await book.current(task), let state = WholeTask.State(known.state) else { return }
        var followed = tasks[task] ?? WholeTask(state, host: known.worker)
        followed.align(with: state, host: known.worker)
        let action = followed.observe(observation, isPaused: await book.isPaused(task.scan))
        tasks[task] = followed
        try await perform(action, on: task, startedAt: startedAt)
    }

    private func perform(_ action: WholeTask.Action, on task: TaskReference, startedAt: Int) async throws {
        switch action {
        case .none: break
        case .confirm:
            try await store.confirm([task], of: task.scan)
            await book.confirmed([task])
        case .noteBegun(let host): try await noteBegun(task, by: host, at: startedAt)
        case .noteQueued: try await noteQueued(task)
        case .verify:
            if try await ends.end(task) { verification.enqueue(task) }
        case .publishAgain: try await publishAgain(task)
        case .fail(let reason, let detail):
            try await fail(task, reason, detail)
            stops.add([task.taskID])
        case .lose:
            try await fail(task, .lost, "found neither queued nor at a worker")
            try await ends.forget([task])
        }
    }

    private func noteBegun(_ task: TaskReference, by host: String, at seconds: Int) async throws {
        guard let plan = await book.entry(task.scan)?.plan else { return }
        let running = RunningTarget(
            ip: "\(plan.address(of: task.target))",
            hostnames: plan.names(of: task.target),
            worker: host,
            startedAt: seconds,
            phase: task.phase
        )
        guard try await store.track([(task, running)], of: task.scan) == [true] else {
            return try await refresh.targets(of: [task])
        }
        await book.began(task, by: host)
    }

    private func noteQueued(_ task: TaskReference) async throws {
        guard try await store.track([(task, nil)], of: task.scan) == [true] else {
            return try await refresh.targets(of: [task])
        }
        await book.returned(task)
    }

    /// There is no message: the same one is published again.
    private func publishAgain(_ task: TaskReference) async throws {
        let parking = Parking(task: task, nextAttempt: task.attempt, notBefore: UnixTime.milliseconds)
        if try await store.park([parking], of: task.scan) == [true] {
            await book.parked([parking], until: clock.now)
        } else {
            try await refresh.targets(of: [task])
        }
        dispatch.signal()
    }

    private func fail(_ task: TaskReference, _ reason: FailureReason, _ detail: String) async throws {
        CoordinatorMetrics.attemptsFailed.count(1, reason.rawValue)
        logger.info(
            "a task failed",
            metadata: [
                LogKey.scan: "\(task.scan)", LogKey.target: "\(task.target)", LogKey.reason: "\(reason.rawValue)",
            ]
        )
        let settlement = Settlement(task: task, outcome: .failed, reason: reason, detail: String(detail.prefix(200)))
        try await ends.settle([settlement], afterImport: false)
    }
}

extension WholeTask.State {
    /// A target's state in terms of its one task; nil where it has none under way.
    init?(_ state: TaskState) {
        switch state {
        case .claimed: self = .claimed
        case .queued: self = .queued
        case .started: self = .started
        case .finishing: self = .ended
        case .ready, .parked: return nil
        }
    }
}

extension WholeTask.Observation {
    /// What a worker's word on a task means; nil where it says nothing new.
    init?(_ move: WorkerMonitor.TaskMove) {
        switch move.task.transition {
        case .started: self = .began(host: move.host)
        case .succeeded: self = .passed
        case .failed: self = .failed(move.task.exception ?? "the worker did not say why")
        case .revoked: self = .revoked
        case .rejected: self = .returned
        case .sent, .received, .retried: return nil
        }
    }
}
