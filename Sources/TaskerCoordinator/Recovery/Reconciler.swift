import Foundation
import Logging
import ScanModel
import ScanStore
import Telemetry

/// Finds tasks that nobody will report on: past their deadline, or found neither in a queue nor at a worker.
///
/// Also what a takeover leaves open is found here: claims whose messages may or may not have left, and imports that the
/// earlier leader had begun without a message behind them.
struct Reconciler: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let failures: FailedAttempts
    let syncs: LedgerSyncs
    let queues: QueueSweep
    let workers: RemoteControl
    let dispatch: Wake
    let logger: Logger

    private let clock = ContinuousClock()
    private let interval = Duration.seconds(5)
    /// A task younger than this is not looked for: its message or its result may be on the way.
    private let quiet = Duration.seconds(10)
    /// Time past nmap's own limit in which a worker may still report.
    private let grace = Duration.seconds(60)

    init(
        book: ScanBook,
        store: LeaderStore,
        failures: FailedAttempts,
        syncs: LedgerSyncs,
        queues: QueueSweep,
        workers: RemoteControl,
        dispatch: Wake,
        logger: Logger
    ) {
        self.book = book
        self.store = store
        self.failures = failures
        self.syncs = syncs
        self.queues = queues
        self.workers = workers
        self.dispatch = dispatch
        self.logger = logger
    }

    func run() async throws {
        var missing: Set<TaskReference> = []
        while !Task.isCancelled {
            do {
                missing = try await round(missingBefore: missing)
            } catch let error as StoreError where error.isRetryable {
                logger.warning("reconciling waits for Redis", metadata: [LogKey.error: "\(error)"])
            }
            try await Task.sleep(for: interval)
        }
    }

    /// - Returns: tasks that were found nowhere; those found nowhere twice running are lost.
    private func round(missingBefore: Set<TaskReference>) async throws -> Set<TaskReference> {
        let old = await book.outstanding.filter { clock.now - $0.since >= quiet }
        try await finishOrphanedImports(old.filter { $0.state == .finishing })
        try await endOverdue(old.filter { $0.state == .started })
        let sought = old.filter { $0.state == .claimed || $0.state == .queued || $0.state == .started }
        // Where a worker did not answer, its tasks are not known, and nothing is called lost.
        guard !sought.isEmpty, let held = await workers.heldTasks(waitingAtMost: .seconds(2)) else { return [] }
        let queued = await queues.tasks()
        var missing: Set<TaskReference> = []
        for task in sought {
            let id = task.reference.taskID
            if queued.contains(id) || held.contains(id) {
                if task.state == .claimed {
                    try await store.confirm([task.reference], of: task.reference.scan)
                    await book.confirmed([task.reference])
                }
            } else if !missingBefore.contains(task.reference) {
                missing.insert(task.reference)
            } else if task.state == .claimed {
                try await sendAgain(task.reference)
            } else {
                _ = try await failures.handle(task.reference, .lost, detail: "found neither queued nor at a worker")
            }
        }
        return missing
    }

    /// The message never reached a queue: the same attempt, under the same id, is published again.
    private func sendAgain(_ task: TaskReference) async throws {
        let parking = Parking(task: task, nextAttempt: task.attempt, notBefore: UnixTime.milliseconds)
        if try await store.park([parking], of: task.scan) == [true] {
            await book.parked([parking], until: clock.now)
            dispatch.signal()
        }
    }

    private func endOverdue(_ started: [ScanEntry.Task]) async throws {
        for task in started {
            guard let entry = await book.entry(task.reference.scan),
                clock.now - task.since > .seconds(entry.request.timeout) + grace
            else { continue }
            await workers.revoke([task.reference.taskID])
            _ = try await failures.handle(task.reference, .deadline, detail: "no result within the time limit")
        }
    }

    private func finishOrphanedImports(_ finishing: [ScanEntry.Task]) async throws {
        for task in finishing where task.reference.phase == .services {
            guard let entry = await book.entry(task.reference.scan),
                !syncs.holds(task.reference, of: entry.project)
            else { continue }
            _ = try await failures.finishWithOpenPorts(task.reference, .lost, detail: "import resumed", entry: entry)
        }
    }
}
