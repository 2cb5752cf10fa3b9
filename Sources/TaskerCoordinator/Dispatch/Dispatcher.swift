import AMQPClient
import AMQPMessages
import Logging
import Nmap
import PrometheusMetrics
import ScanModel
import ScanStore
import Telemetry
import UUIDText

/// Hands tasks to the broker, as many as the window has room for: claim in Redis, publish with confirms, confirm in Redis.
/// Batches are claimed one after the other; while some are on their way to the broker, the next one is claimed.
struct Dispatcher: Sendable {
    /// How many tasks go together.
    static let batchSize = 256
    /// How many batches may be on their way to the broker.
    private static let batchesAtOnce = 4

    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let publisher: AMQPConnection
    let resultQueues: ResultQueues
    /// How many targets may be in flight, by the workers that are alive; 0 where there are none.
    let windows: @Sendable () async -> DispatchWindows
    let chaining: ChainingDecisions
    let termGuard: TermGuard
    let origin: String
    let logger: Logger
    let failures: FailedAttempts
    let check: LastCheck
    /// The most packets a second that one nmap process may be told to send.
    let maxRateCeiling: Int?
    /// Signalled when there may be something to dispatch.
    let wake: Wake

    private let departures = Departures()
    private let clock = ContinuousClock()
    /// How long the dispatcher goes without looking, whatever happens.
    private static let longestPause = Duration.seconds(1)

    func run() async throws {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
        while !Task.isCancelled {
            do {
                let pause = try await dispatchAll()
                backoff.reset()
                await wake.wait(atMost: pause)
            } catch let error as StoreError where error.isRetryable {
                logger.warning("dispatch waits for Redis", metadata: [LogKey.error: "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Returns once no batch that was chosen before this call is still being published.
    func quiesce() async {
        await departures.waitForEarlier()
    }

    private enum Choice {
        /// With what keeps the next one from being chosen.
        case claimed(DispatchBatch, [Claim], then: (any Error)?)
        /// How long to wait for a wake-up before the next try.
        case nothing(Duration)
    }

    /// - Returns: how long to wait for a wake-up before the next try.
    private func dispatchAll() async throws -> Duration {
        let result = await withTaskGroup(of: Result<Bool, any Error>.self) { group in
            var pause: Duration?
            var underWay = 0
            /// Whether the broker takes messages. An error ends the choosing, and not the batches that are under way.
            var state = Result<Bool, any Error>.success(true)
            while case .success(true) = state, pause == nil, !Task.isCancelled {
                if underWay == Self.batchesAtOnce {
                    state = await group.next() ?? state
                    underWay -= 1
                    continue
                }
                let departure = await departures.begin()
                do {
                    switch try await chooseAndClaim() {
                    case .claimed(let batch, let claims, let failure):
                        underWay += 1
                        if let failure { state = .failure(failure) }
                        group.addTask {
                            let result = await send(claims, of: batch)
                            await departures.end(departure)
                            return result
                        }
                        continue
                    case .nothing(let time): pause = time
                    }
                } catch {
                    state = .failure(error)
                }
                await departures.end(departure)
            }
            for await result in group {
                guard case .failure(let error) = result else { continue }
                // Of several errors, one that ends the term counts.
                if case .success = state { state = result }
                if (error as? StoreError)?.isRetryable != true { state = result }
            }
            return state.map { _ in pause ?? Self.longestPause }
        }
        return try result.get()
    }

    private func chooseAndClaim() async throws -> Choice {
        let windows = await windows()
        guard !windows.areShut, publisher.isConnected else { return .nothing(Self.longestPause) }
        try await chaining.decide()
        guard let batch = await book.nextBatch(windows: windows, atMost: Self.batchSize) else {
            return .nothing(await untilNextDue())
        }
        guard await resultQueues.prepare(for: batch.entry.project) else { return .nothing(Self.longestPause) }
        return try await Correlation.$current.withValue(batch.entry.correlation) {
            var claims: [Claim] = []
            if let granted = try await claim(batch) {
                claims = zip(batch.claims, granted).filter(\.1).map(\.0)
                await book.claimed(claims, of: batch.scan, cursor: batch.cursorAfter)
            }
            do {
                if claims.count < batch.claims.count { try await refresh.scan(batch.scan) }
                return .claimed(batch, claims, then: nil)
            } catch {
                return .claimed(batch, claims, then: error)
            }
        }
    }

    /// - Returns: false where the broker takes nothing at the moment.
    private func send(_ claims: [Claim], of batch: DispatchBatch) async -> Result<Bool, any Error> {
        await Correlation.$current.withValue(batch.entry.correlation) {
            do {
                let tasks = claims.filter { $0.source != .passedOver }.map(\.task)
                return .success(try await publish(try await check.pass(tasks, of: batch), of: batch))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Claims a batch, again and again until Redis answers: meanwhile nobody knows whose the room is that it takes up, so
    /// nothing else is chosen. What Redis refuses after a reply was lost may be claimed already, by the try before.
    private func claim(_ batch: DispatchBatch) async throws -> [Bool]? {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
        var mayBeClaimed = false
        while true {
            try await termGuard.waitUntilActing()
            do {
                let granted = try await store.claim(
                    batch.claims,
                    of: batch.scan,
                    cursor: batch.cursorBefore,
                    to: batch.cursorAfter,
                    announcing: batch.wholeTaskAnnouncement
                )
                guard mayBeClaimed, granted?.contains(false) ?? true else { return granted }
                let targets = batch.claims.map(\.task.target)
                return batch.held(by: try await store.currentTasks(of: targets, in: batch.scan))
            } catch {
                guard error.isRetryable else { throw error }
                mayBeClaimed = mayBeClaimed || error.mayHaveBeenApplied
                logger.warning("a claim waits for Redis", metadata: [LogKey.error: "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func publish(_ tasks: [TaskReference], of batch: DispatchBatch) async throws -> Bool {
        guard !tasks.isEmpty else { return true }
        let (ready, messages) = try await makeMessages(for: tasks, of: batch)
        // AMQP cannot check an epoch: this is the last look before the messages leave, and they leave within the lease.
        try await termGuard.waitUntilActing()
        let sentAt = clock.now
        let outcomes = await publisher.publish(messages, by: termGuard.actsUntil)
        CoordinatorMetrics.confirmDuration.record(sentAt.duration(to: clock.now))
        CoordinatorMetrics.published(ready, outcomes)
        var confirmed: [TaskReference] = []
        var unsent: [TaskReference] = []
        for (task, outcome) in zip(ready, outcomes) {
            switch outcome {
            case .confirmed:
                confirmed.append(task)
            case .returned, .refused, .notSent:
                unsent.append(task)
                logger.warning(
                    "the broker did not take a task",
                    metadata: [LogKey.task: "\(task.taskID.text)", LogKey.reason: "\(outcome)"]
                )
            case .uncertain:
                // It stays claimed: the reconciler looks for it and sends it again if it is found nowhere.
                logger.warning("the broker did not confirm a task", metadata: [LogKey.task: "\(task.taskID.text)"])
            }
        }
        if !confirmed.isEmpty {
            try await store.confirm(confirmed, of: batch.scan)
            await book.confirmed(confirmed)
        }
        if !unsent.isEmpty { try await putBack(unsent, of: batch.scan) }
        return unsent.isEmpty
    }

    /// The messages of tasks; those that cannot be made, because what the first phase left is gone or cannot be read, count
    /// as failed attempts.
    private func makeMessages(
        for tasks: [TaskReference],
        of batch: DispatchBatch
    ) async throws -> ([TaskReference], [AMQPMessage]) {
        if batch.chaining == .worker {
            let builder = WholeTaskMessage(batch: batch, origin: origin, maxRateCeiling: maxRateCeiling)
            return (tasks, try tasks.map(builder.message(for:)))
        }
        let services = tasks.filter { $0.phase == .services }
        let hosts = Dictionary(
            zip(services.map(\.target), try await store.storedHosts(of: services)),
            uniquingKeysWith: { $1 }
        )
        var builder = ScanTaskMessage(batch: batch, origin: origin, maxRateCeiling: maxRateCeiling)
        var ready: [(TaskReference, AMQPMessage)] = []
        for task in tasks {
            do {
                let host = try (hosts[task.target] ?? nil).map { try NmapHost(encoded: $0) }
                ready.append((task, try builder.message(for: task, openPorts: host?.openPorts)))
            } catch {
                _ = try await failures.handle(
                    task,
                    .badReport,
                    detail: "the first phase's host cannot be read: \(error)"
                )
            }
        }
        return (ready.map(\.0), ready.map(\.1))
    }

    /// The messages never reached a queue: the same attempts are due again in a while.
    private func putBack(_ tasks: [TaskReference], of scan: ScanID) async throws {
        let pause = Duration.seconds(Double.random(in: 0.5...2))
        let parkings = tasks.map {
            Parking(task: $0, nextAttempt: $0.attempt, notBefore: UnixTime.milliseconds(after: pause))
        }
        let results = zip(parkings, try await store.park(parkings, of: scan))
        await book.parked(results.filter(\.1).map(\.0), until: clock.now + pause)
        try await refresh.targets(of: results.filter { !$0.1 }.map(\.0.task))
    }

    private func untilNextDue() async -> Duration {
        guard let due = await book.nextDue else { return Self.longestPause }
        return max(.milliseconds(1), min(Self.longestPause, due - clock.now))
    }
}
