import Logging
import ScanModel
import ScanStore
import Telemetry

/// The deployment's rules on what may be scanned, looked at once more before a message leaves: they may have changed since
/// the plan was made.
struct LastCheck: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let failures: FailedAttempts
    let scope: DispatchScope
    let wholeTasks: WholeTaskStops
    let logger: Logger

    /// Ends the targets of claimed tasks that are forbidden now. What a first phase found is imported.
    ///
    /// - Returns: the tasks that may go out.
    func pass(_ tasks: [TaskReference], of batch: DispatchBatch) async throws -> [TaskReference] {
        var allowed: [TaskReference] = []
        var forbidden: [TaskReference] = []
        for task in tasks {
            let address = batch.plan.address(of: task.target)
            let names = batch.plan.hostnames[address] ?? []
            if scope.permits(address, names: names, of: batch.entry.id, batch.entry.request) {
                allowed.append(task)
            } else {
                forbidden.append(task)
            }
        }
        if !forbidden.isEmpty { try await end(forbidden, of: batch) }
        return allowed
    }

    private func end(_ tasks: [TaskReference], of batch: DispatchBatch) async throws {
        logger.warning(
            "targets are forbidden since they were planned",
            metadata: [LogKey.scan: "\(batch.scan)", LogKey.count: "\(tasks.count)"]
        )
        let detail = "the rules on what may be scanned changed after the plan was made"
        for task in tasks where task.phase == .services {
            _ = try await failures.finishWithOpenPorts(task, .forbidden, detail: detail, entry: batch.entry)
        }
        let settlements = tasks.filter { $0.phase == .openPorts }.map {
            Settlement(task: $0, outcome: .failed, reason: .forbidden, detail: detail)
        }
        guard !settlements.isEmpty else { return }
        let written = try await store.settle(settlements, of: batch.scan)
        CoordinatorMetrics.settled(settlements, written)
        let results = zip(settlements.map(\.task), written)
        await book.settled(results.filter(\.1).map(\.0))
        wholeTasks.add(settlements.map(\.task.taskID))
        try await refresh.targets(of: results.filter { !$0.1 }.map(\.0))
    }
}
