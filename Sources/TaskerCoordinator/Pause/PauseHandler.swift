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

    private let turns = SerialGate()
    private let clock = ContinuousClock()

    /// Follows what Redis says of a project's scans, until what no worker has taken is taken back or the scans are resumed.
    func follow(_ project: ProjectID) async throws {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        while true {
            // Read and noted in one turn: an earlier answer must not overtake a later one.
            let paused = try await turns.perform {
                let paused = try await store.pausedScans(of: project)
                await book.pace(paused: paused, of: project)
                return paused
            }
            dispatch.signal()
            guard !paused.isEmpty else { return }
            await dispatcher.quiesce()
            let withBroker = await book.outstandingWithBroker(of: paused.sorted())
            guard !withBroker.isEmpty else { return }
            if let taken = await queues.remove(Set(withBroker.map(\.taskID))) {
                try await parkUntilDone(withBroker.filter { taken.contains($0.taskID) })
                return logger.info(
                    "paused",
                    metadata: [LogKey.project: "\(project)", LogKey.count: "\(taken.count)"]
                )
            }
            try await Task.sleep(for: backoff.next())
        }
    }

    /// The same attempts are due as soon as the scan is resumed. Their messages are gone, so it is tried until Redis has it.
    private func parkUntilDone(_ tasks: [TaskReference]) async throws {
        for (scan, tasks) in Dictionary(grouping: tasks, by: \.scan) {
            try await untilRedisAnswers("a pause waits for Redis", logger: logger) { try await park(tasks, of: scan) }
        }
    }

    private func park(_ tasks: [TaskReference], of scan: ScanID) async throws {
        let parkings = tasks.map { Parking(task: $0, nextAttempt: $0.attempt, notBefore: 0) }
        let results = zip(parkings, try await store.park(parkings, of: scan))
        await book.parked(results.filter(\.1).map(\.0), until: clock.now)
        try await refresh.targets(of: results.filter { !$0.1 }.map(\.0.task))
    }
}
