import Foundation
import Logging
import ScanModel
import ScanStore
import Telemetry

/// Makes a pause hold for what has left the backlog already: messages that no worker has taken are taken out of the queues
/// and parked. Tasks that workers hold are finished. Resuming needs no more than the flag, which claims look at.
struct PauseHandler: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let dispatcher: Dispatcher
    let queues: QueueSweep
    /// Signalled when there may be something to dispatch.
    let dispatch: Wake
    let logger: Logger

    /// How often a broker that does not answer is asked before the messages are left where they are.
    private static let tries = 5
    private let clock = ContinuousClock()

    /// Follows what Redis says of a project's scans.
    func follow(_ project: ProjectID) async throws {
        let paused = try await store.pausedScans(of: project)
        await book.pace(paused: paused, of: project)
        dispatch.signal()
        guard !paused.isEmpty else { return }
        await dispatcher.quiesce()
        let withBroker = await book.outstandingWithBroker(of: paused.sorted())
        guard !withBroker.isEmpty else { return }
        let taken = await takeBack(Set(withBroker.map(\.taskID)))
        try await park(withBroker.filter { taken.contains($0.taskID) })
        logger.info(
            "paused",
            metadata: [
                LogKey.project: "\(project)", LogKey.count: "\(taken.count)",
                LogKey.unconfirmed: "\(withBroker.count - taken.count)",
            ]
        )
    }

    private func takeBack(_ tasks: Set<UUID>) async -> Set<UUID> {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(2))
        for _ in 0..<Self.tries where !Task.isCancelled {
            if let taken = await queues.remove(tasks) { return taken }
            try? await Task.sleep(for: backoff.next())
        }
        return []
    }

    /// The same attempts are due as soon as the scan is resumed.
    private func park(_ tasks: [TaskReference]) async throws {
        for (scan, tasks) in Dictionary(grouping: tasks, by: \.scan) {
            let parkings = tasks.map { Parking(task: $0, nextAttempt: $0.attempt, notBefore: 0) }
            let results = zip(parkings, try await store.park(parkings, of: scan))
            await book.parked(results.filter(\.1).map(\.0), until: clock.now)
            try await refresh.targets(of: results.filter { !$0.1 }.map(\.0.task))
        }
    }
}
