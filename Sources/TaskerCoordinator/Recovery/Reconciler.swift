import AMQPClient
import Foundation
import Logging
import ScanModel
import ScanStore
import Telemetry

/// Finds tasks that nobody will report on: past their deadline, or found neither in a queue nor at a worker.
///
/// Also what a takeover leaves open is found here: claims whose messages may or may not have left, and imports that the
/// earlier leader had begun without a message behind them. Where the broker or a worker does not answer, nothing is
/// concluded: away is not empty.
struct Reconciler: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let failures: FailedAttempts
    let syncs: LedgerSyncs
    let broker: AMQPConnection
    let queues: QueueSweep
    let workers: RemoteControl
    let census: WorkerCensus
    let tombstones: Tombstones
    let dispatch: Wake
    let logger: Logger

    private let clock = ContinuousClock()
    private let interval = Duration.seconds(5)
    /// A task younger than this is not looked for: its message or its result may be on the way.
    private let quiet = Duration.seconds(10)

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
        try await importStoppedInBetween()
        let old = await quietTasks()
        let revoked = await tombstones.unconfirmed
        guard !old.isEmpty || !revoked.isEmpty else { return [] }
        let traces = await census.traces(of: revoked, waitingAtMost: .seconds(2))
        guard traces.isComplete, let queued = await queues.tasks() else { return [] }
        let held = traces.held
        await tombstones.keep(traces.suspects(among: revoked, swept: []).union(queued))
        await revokeAgain(revoked.intersection(held.union(queued)))
        try await finishOrphanedImports(old.filter { $0.state == .finishing })
        try await endOverdue(old.filter { $0.state == .started })
        var missing: Set<TaskReference> = []
        for task in old where task.state != .finishing {
            let isPaused = await book.isPaused(task.reference.scan)
            if queued.contains(task.reference.taskID) || held.contains(task.reference.taskID) {
                if task.state == .claimed {
                    try await store.confirm([task.reference], of: task.reference.scan)
                    await book.confirmed([task.reference])
                }
            } else if !missingBefore.contains(task.reference) {
                missing.insert(task.reference)
            } else if task.state == .claimed || (task.state == .queued && isPaused) {
                // The message never reached a queue, or a pause took it out and went no further.
                try await sendAgain(task.reference)
            } else {
                _ = try await failures.handle(task.reference, .lost, detail: "found neither queued nor at a worker")
            }
        }
        return missing
    }

    /// Outstanding tasks that have not moved for a while and whose results neither wait here nor in the project's queue.
    private func quietTasks() async -> [ScanEntry.Task] {
        let old = await book.outstanding.filter { clock.now - $0.since >= quiet }
        var result: [ScanEntry.Task] = []
        var haveResults: [ProjectID: Bool] = [:]
        for task in old {
            guard let project = await book.entry(task.reference.scan)?.project,
                !syncs.holds(task.reference, of: project)
            else { continue }
            if haveResults[project] == nil { haveResults[project] = await mayHaveResults(project) }
            if haveResults[project] == false { result.append(task) }
        }
        return result
    }

    private func mayHaveResults(_ project: ProjectID) async -> Bool {
        do {
            return try await broker.depth(queue: BrokerTopology.resultQueue(of: project)).messages > 0
        } catch {
            return true
        }
    }

    /// There is no message: the same attempt, under the same id, is published again.
    private func sendAgain(_ task: TaskReference) async throws {
        let parking = Parking(task: task, nextAttempt: task.attempt, notBefore: UnixTime.milliseconds)
        if try await store.park([parking], of: task.scan) == [true] {
            await book.parked([parking], until: clock.now)
        } else {
            try await refresh.targets(of: [task])
        }
        dispatch.signal()
    }

    private func endOverdue(_ started: [ScanEntry.Task]) async throws {
        for task in started {
            guard let entry = await book.entry(task.reference.scan),
                clock.now - task.since > TaskLife.of(entry.request)
            else { continue }
            await workers.revoke([task.reference.taskID])
            _ = try await failures.handle(task.reference, .deadline, detail: "no result within the time limit")
        }
    }

    private func revokeAgain(_ found: Set<UUID>) async {
        guard !found.isEmpty else { return }
        _ = await queues.remove(found)
        await workers.revoke(Array(found))
    }

    private func finishOrphanedImports(_ finishing: [ScanEntry.Task]) async throws {
        for task in finishing where task.reference.phase == .services {
            guard let entry = await book.entry(task.reference.scan) else { continue }
            _ = try await failures.finishWithOpenPorts(task.reference, .lost, detail: "import resumed", entry: entry)
        }
    }

    private func importStoppedInBetween() async throws {
        for task in await book.stoppedInBetween {
            guard let entry = await book.entry(task.scan), !syncs.holds(task, of: entry.project) else { continue }
            _ = try await failures.finishWithOpenPorts(task, .stopped, detail: nil, entry: entry)
        }
    }
}
