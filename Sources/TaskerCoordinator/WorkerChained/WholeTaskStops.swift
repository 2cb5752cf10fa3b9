import Foundation
import Logging
import ScanModel
import ScanStore
import Synchronization
import Telemetry

/// Brings whole tasks that were taken away to their end at the workers.
///
/// The cancel broadcast ends the nmap that a worker noted, and then the task ends by itself. The process that has the task is
/// ended only after that: it would leave its nmap behind, and whether it removes its note of it first depends on where it is.
/// What notes and keys are left are removed once nothing runs any more.
final class WholeTaskStops: Sendable {
    private let store: LeaderStore
    private let workers: WorkerMonitor
    private let cancels: CancelBroadcasts
    private let logger: Logger
    private let pending = Mutex<Set<UUID>>([])
    private let turns = SerialGate()
    private let added = Wake()
    private let clock = ContinuousClock()

    /// How long one broadcast may take to be carried out.
    private static let cancelTime = Duration.seconds(1)
    private static let interval = Duration.seconds(2)

    /// - Parameter tombstones: what stops of earlier terms took away; nobody knows how far they got.
    init(
        store: LeaderStore,
        workers: WorkerMonitor,
        cancels: CancelBroadcasts,
        tombstones: [UUID],
        logger: Logger
    ) {
        self.store = store
        self.workers = workers
        self.cancels = cancels
        self.logger = logger
        pending.withLock { $0 = Set(tombstones) }
    }

    /// Sees to it that no worker goes on with these tasks and nothing is left of them.
    func add(_ tasks: [UUID]) {
        pending.withLock { $0.formUnion(tasks) }
        added.signal()
    }

    /// Has workers refuse these tasks, and end the nmap of those that they are busy with. What takes longer is gone on with
    /// later.
    ///
    /// - Returns: whole tasks that may still be running.
    func end(_ tasks: Set<UUID>, waitingAtMost time: Duration) async throws -> Set<UUID> {
        var remaining = try await store.announcedTasks(among: tasks)
        guard !remaining.isEmpty else { return [] }
        let whole = remaining
        pending.withLock { $0.formUnion(whole) }
        defer { added.signal() }
        await workers.control.refuse(Array(whole))
        let deadline = clock.now + time
        while !Task.isCancelled {
            let asked = remaining
            remaining = try await turns.perform { try await round(asked, terminates: false) }
            if remaining.isEmpty || clock.now >= deadline { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        return remaining
    }

    /// Goes on with what was not ended in time, until the term ends.
    func run() async throws {
        while !Task.isCancelled {
            let tasks = pending.withLock { $0 }
            guard !tasks.isEmpty else {
                await added.wait()
                continue
            }
            do {
                _ = try await turns.perform { try await round(tasks, terminates: true) }
            } catch let error as StoreError where error.isRetryable {
                logger.warning("ending revoked tasks waits for Redis", metadata: [LogKey.error: "\(error)"])
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// - Parameter terminates: whether the processes of tasks that go on are ended, too.
    /// - Returns: those that may still be running.
    private func round(_ tasks: Set<UUID>, terminates: Bool) async throws -> Set<UUID> {
        let whole = try await store.announcedTasks(among: tasks)
        guard !whole.isEmpty else { return finish(tasks, keeping: []) }
        // What is queued is not looked for: whoever gets it was told to refuse it.
        let traces = await workers.census.traces(of: whole, waitingAtMost: .seconds(1))
        let busy = traces.suspects(among: whole, swept: whole)
        let hosts = await workers.hosts.sorted()
        let notes = try await store.traces(of: Array(whole), on: hosts).mapValues { Set($0.processHosts) }
        let noted = notes.filter { !$0.value.isEmpty }
        let cancelled = await cancels.cancel(
            Array(noted.keys),
            on: noted.values.reduce(into: []) { $0.formUnion($1) },
            waitingAtMost: Self.cancelTime
        )
        if terminates, !busy.isEmpty { await workers.control.revoke(Array(busy)) }
        let ended = whole.filter { !busy.contains($0) && notes[$0, default: []].isSubset(of: cancelled) }
        try await store.forgetWholeTasks(Array(ended), on: hosts)
        return finish(tasks, keeping: whole.subtracting(ended))
    }

    private func finish(_ tasks: Set<UUID>, keeping remaining: Set<UUID>) -> Set<UUID> {
        pending.withLock {
            $0.subtract(tasks)
            $0.formUnion(remaining)
        }
        return remaining
    }
}
