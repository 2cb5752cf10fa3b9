import Celery
import Foundation
import Logging
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
    let queues: QueueSweep
    let workers: RemoteControl
    /// The reconciler goes on with those that nobody confirmed.
    let tombstones: Tombstones
    let logger: Logger

    /// How long workers may take to confirm before the receipt says `unconfirmed`.
    private static let confirmationTime = Duration.seconds(5)
    /// How long imports of results that were in before the stop may hold the receipt up.
    private static let importTime = Duration.seconds(5)
    private let clock = ContinuousClock()

    func stop(_ scans: [ScanID], of project: ProjectID, receipt id: String) async throws {
        await book.beginStop(of: scans)
        await dispatcher.quiesce()
        var givenUp = 0
        var revoked: [TaskReference] = []
        for scan in scans {
            let result = try await giveUp(scan)
            givenUp += result.givenUp
            revoked += result.revoked
        }
        await tombstones.add(revoked.map(\.taskID))
        let unconfirmed = await revoke(revoked)
        await tombstones.confirm(Set(revoked.map(\.taskID)).subtracting(unconfirmed))
        let finishing = await waitForImports(of: scans)
        let receipt = StopReceipt(revoked: givenUp, unconfirmed: unconfirmed.count, finishing: finishing)
        try await store.writeReceipt(receipt, id: id, of: project)
        logger.notice(
            "stopped",
            metadata: [
                LogKey.project: "\(project)", LogKey.count: "\(givenUp)",
                LogKey.unconfirmed: "\(unconfirmed.count)", LogKey.finishing: "\(finishing)",
            ]
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

    /// Takes the tasks away from the broker and from workers, and returns those that nobody confirmed.
    private func revoke(_ tasks: [TaskReference]) async -> Set<UUID> {
        var remaining = Set(tasks.map(\.taskID))
        guard !remaining.isEmpty else { return [] }
        let deadline = clock.now + Self.confirmationTime
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(1))
        while !remaining.isEmpty, clock.now < deadline, !Task.isCancelled {
            // The broadcast first: a message that slips from the queue to a worker between the two is refused there. And the
            // workers last, for a message that was published twice may be in both places.
            let isTold = await workers.revoke(Array(remaining))
            let swept = await queues.remove(remaining)
            let held = await workers.heldTasks(waitingAtMost: .seconds(1))
            if isTold, let swept {
                if let held {
                    remaining.formIntersection(held)
                } else if await !workers.hasWorkers {
                    remaining.subtract(swept)
                }
            }
            if remaining.isEmpty { break }
            try? await Task.sleep(for: backoff.next())
        }
        return remaining
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
