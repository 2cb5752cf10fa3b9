import AMQPClient
import Logging
import ScanLedger
import ScanModel
import Telemetry

/// The sync of one project: imports one batch at a time, in order. Where ScanLedger stays away or refuses Tasker, results
/// wait with the broker, so that none is held unacknowledged for long; they are taken again once ScanLedger answers.
struct ProjectSync: Sendable {
    let queue: ImportQueue
    let importer: LedgerImporter
    let ledger: LedgerClient
    let broker: AMQPConnection
    let termGuard: TermGuard
    /// As it is at the beginning.
    let health: SyncHealth
    let logger: Logger

    /// Imports until the task is cancelled.
    func run() async throws {
        var health = health
        while !Task.isCancelled {
            let batch = await queue.next()
            if batch.isEmpty { continue }
            let left = try await importer.importAll(batch, into: queue.project, health: &health)
            // Behind all others: whether one of those is taken tells a poison report from an outage.
            queue.finishBatch(retrying: left)
            let poison = queue.takePoison(refusedBefore: health.mayBeOutageSince)
            if !poison.isEmpty {
                try await importer.quarantine(poison)
                queue.finishBatch(retrying: [])
                try await health.answered()
            }
            if health.isOver {
                giveBack()
                try await waitUntilAnswered(&health)
                try await health.answered()
                queue.intake.open()
            }
        }
    }

    private func giveBack() {
        let deliveries = queue.giveBack()
        broker.reject(deliveries, requeue: true)
        logger.warning(
            "results wait with the broker",
            metadata: [LogKey.project: "\(queue.project)", LogKey.count: "\(deliveries.count)"]
        )
    }

    /// Asks after the project until ScanLedger answers, also that there is none.
    private func waitUntilAnswered(_ health: inout SyncHealth) async throws {
        while true {
            try await Task.sleep(for: health.nextPause())
            try await termGuard.waitUntilActing()
            do {
                _ = try await ledger.hasProject(queue.project)
                return
            } catch {
                try await health.failed(error)
            }
        }
    }
}
