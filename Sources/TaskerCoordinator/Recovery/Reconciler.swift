import Foundation
import Logging
import PrometheusMetrics
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
    let failures: FailedAttempts
    let syncs: LedgerSyncs
    let results: ResultQueues
    let queues: QueueSweep
    let workers: RemoteControl
    let census: WorkerCensus
    let tombstones: Tombstones
    /// Signalled when a worker is gone.
    let wake: Wake
    let logger: Logger

    private let clock = ContinuousClock()
    private let interval = Duration.seconds(5)
    /// For so long after a takeover what an earlier leader left may come in sight: the broker gives up the connection of one
    /// that was suspended, and results are taken in.
    private let takeover = Duration.seconds(20)

    func run() async throws {
        let begun = clock.now
        while !Task.isCancelled {
            var isAnyMissing = false
            do {
                isAnyMissing = try await round()
            } catch let error as StoreError where error.isRetryable {
                logger.warning("reconciling waits for Redis", metadata: [LogKey.error: "\(error)"])
            }
            if isAnyMissing || clock.now - begun < takeover {
                try await Task.sleep(for: TargetLife.secondLook)
            } else {
                await wake.wait(atMost: interval)
            }
        }
    }

    /// - Returns: whether a task was found nowhere.
    private func round() async throws -> Bool {
        CoordinatorMetrics.reconciliations.count()
        try await importStoppedInBetween()
        let quiet = await book.quietTasks
        let revoked = await tombstones.unconfirmed
        guard !quiet.isEmpty || !revoked.isEmpty, let seen = await look(revoked: revoked) else { return false }
        let sightings = await sightings(of: quiet, seen: seen)
        for (task, action) in await book.looked(for: sightings) {
            try await perform(action, on: task)
        }
        return sightings.contains { $0.1 == .nowhere }
    }

    /// Looks for tasks in the order in which they move, so that none slips by: in the queues, at the workers, and after this
    /// among the results.
    ///
    /// - Parameter revoked: tasks that were taken away, and are wherever they are found.
    /// - Returns: nil where the broker or a worker did not answer, or a worker may be there that was never heard.
    private func look(revoked: Set<UUID>) async -> Set<UUID>? {
        guard await census.roster.isMeaningful, let queued = await queues.tasks() else { return nil }
        let traces = await census.traces(of: revoked, waitingAtMost: .seconds(2))
        guard traces.isComplete else { return nil }
        let seen = queued.union(traces.held)
        await tombstones.confirm(revoked.subtracting(queued).subtracting(traces.suspects(among: revoked, swept: [])))
        await revokeAgain(revoked.intersection(seen))
        return seen
    }

    private func revokeAgain(_ found: Set<UUID>) async {
        guard !found.isEmpty else { return }
        _ = await queues.remove(found)
        await workers.revoke(Array(found))
    }

    /// What is known of tasks after a look; nothing is of those whose results may wait unread.
    private func sightings(of tasks: [TargetLife], seen: Set<UUID>) async -> [(TargetLife, TargetLife.Sighting)] {
        var sightings: [(TargetLife, TargetLife.Sighting)] = []
        var isDrained: [ProjectID: Bool] = [:]
        for task in tasks {
            guard let project = await book.entry(task.reference.scan)?.project else { continue }
            if isDrained[project] == nil { isDrained[project] = await results.isDrained(of: project) }
            if syncs.holds(task.reference, of: project) {
                sightings.append((task, .resultIsIn))
            } else if isDrained[project] == true {
                sightings.append((task, seen.contains(task.reference.taskID) ? .there : .nowhere))
            }
        }
        return sightings
    }

    private func perform(_ action: TargetLife.SearchAction, on task: TaskReference) async throws {
        CoordinatorMetrics.reconciled(action)
        switch action {
        case .wait:
            break
        case .confirm:
            try await store.confirm([task], of: task.scan)
            await book.confirmed([task])
        case .sendAgain:
            try await failures.park(task, as: task.attempt)
        case .fail(let reason):
            if reason == .deadline { await workers.revoke([task.taskID]) }
            let detail =
                reason == .deadline ? "no result within the time limit" : "found neither queued nor at a worker"
            _ = try await failures.handle(task, reason, detail: detail)
        case .importOpenPorts:
            guard let entry = await book.entry(task.scan) else { return }
            _ = try await failures.finishWithOpenPorts(task, .lost, detail: "import resumed", entry: entry)
        }
    }

    private func importStoppedInBetween() async throws {
        for task in await book.stoppedInBetween {
            guard let entry = await book.entry(task.scan), !syncs.holds(task, of: entry.project) else { continue }
            _ = try await failures.finishWithOpenPorts(task, .stopped, detail: nil, entry: entry)
        }
    }
}
