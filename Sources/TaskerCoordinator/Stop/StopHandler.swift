import Foundation
import Logging
import PrometheusMetrics
import ScanModel
import ScanStore
import Telemetry

/// Carries a stop out. The replica that took it has set the flag in Redis already, so no claim succeeds any more; this
/// drains what was being published, empties the queues of the scans' messages, revokes what workers hold, and answers with
/// a receipt.
struct StopHandler: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let dispatcher: Dispatcher
    let failures: FailedAttempts
    let syncs: LedgerSyncs
    let revocation: Revocation
    let roster: Roster
    let wholeTasks: WholeTaskStops
    /// The reconciler goes on with those that nobody confirmed.
    let tombstones: Tombstones
    let logger: Logger

    /// How long workers may take to confirm before the receipt says `unconfirmed`.
    private static let confirmationTime = Duration.seconds(5)
    /// How long existing workers may take to end what they run.
    private static let cancelTime = Duration.seconds(2)
    /// How long imports of results that were in before the stop may hold the receipt up.
    private static let importTime = Duration.seconds(5)
    private let clock = ContinuousClock()

    func stop(_ scans: [ScanID], of project: ProjectID, receipt id: String) async throws {
        let begun = clock.now
        await book.beginStop(of: scans)
        await dispatcher.quiesce()
        var givenUp = 0
        let earlier = try await store.unconfirmedTasks(of: project)
        var ends = await stillOpen(earlier)
        for scan in scans {
            let chaining = await book.chaining(of: scan) ?? .coordinator
            let life = await book.entry(scan).map { TaskLife.of($0.request, chainedBy: chaining) } ?? TaskLife.longest
            let result = try await giveUp(scan)
            let tasks = result.revoked.map(\.taskID)
            givenUp += result.givenUp
            await tombstones.add(tasks)
            await roster.limit(Set(tasks), to: life)
            for task in tasks { ends[task] = UnixTime.milliseconds(after: life) }
        }
        let taken = Set(ends.keys)
        // Before the processes that have them are ended, which would leave their nmaps behind.
        let running = try await wholeTasks.end(taken, waitingAtMost: Self.cancelTime)
        var suspects = await revocation.run(taken, atMost: Self.confirmationTime)
        for task in try await wholeTasks.end(running, waitingAtMost: Self.cancelTime) where suspects[task] == nil {
            suspects[task] = []
        }
        await tombstones.confirm(taken.subtracting(suspects.keys))
        let unconfirmed = suspects.map { UnconfirmedTask(id: $0, nodes: $1, until: ends[$0] ?? 0) }
        try await store.keepUnconfirmed(unconfirmed, notAnyMore: earlier.map(\.id), of: project)
        let finishing = await waitForImports(of: scans)
        let receipt = StopReceipt(
            isAnythingStopped: !scans.isEmpty,
            revoked: givenUp,
            unconfirmed: unconfirmed.count,
            finishing: finishing
        )
        try await store.writeReceipt(receipt, id: id, of: project)
        CoordinatorMetrics.stops.count()
        CoordinatorMetrics.stopDuration.record(begun.duration(to: clock.now))
        CoordinatorMetrics.targetsFinished.count(givenUp, CoordinatorMetrics.TargetEnd.cancelled.rawValue)
        logger.notice(
            "stopped",
            metadata: [
                LogKey.project: "\(project)", LogKey.count: "\(givenUp)",
                LogKey.unconfirmed: "\(unconfirmed.count)", LogKey.finishing: "\(finishing)",
            ]
        )
    }

    /// What earlier stops of the project took away and nobody has confirmed since, with the time of its end.
    private func stillOpen(_ tasks: [UnconfirmedTask]) async -> [UUID: Int] {
        let open = await tombstones.unconfirmed
        let now = UnixTime.milliseconds
        return Dictionary(
            tasks.filter { $0.until > now && open.contains($0.id) }.map { ($0.id, $0.until) },
            uniquingKeysWith: max
        )
    }

    private func giveUp(_ scan: ScanID) async throws -> StopResult {
        let entry = await book.entry(scan)
        // The stop is the cut: results that are in are finished, also those that wait behind another import.
        try await syncs.markWaiting(of: scan)
        // In mode insert the next run would skip a host that is half known; its open ports are not imported.
        let keeps = entry.map { $0.request.mode != .insert } ?? false
        let result = try await store.stop(scan, keepsInBetween: keeps)
        await book.stopped(scan, result)
        if let entry {
            for task in result.inBetween {
                _ = try await failures.finishWithOpenPorts(task, .stopped, detail: nil, entry: entry)
            }
        }
        return result
    }

    private func waitForImports(of scans: [ScanID]) async -> Int {
        let deadline = clock.now + Self.importTime
        while clock.now < deadline, !Task.isCancelled {
            let open = await book.openTasks(of: scans)
            if open == 0 { return 0 }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return await book.openTasks(of: scans)
    }
}
