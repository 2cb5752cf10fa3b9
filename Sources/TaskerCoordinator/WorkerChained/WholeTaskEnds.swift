import Logging
import ScanModel
import ScanStore

/// Writes the ends of whole tasks: outcomes, and the keys that their workers may have left.
struct WholeTaskEnds: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let workers: WorkerMonitor
    let dispatch: Wake
    let logger: Logger

    private static let waiting: Logger.Message = "the end of a task waits for Redis"

    /// Marks a task whose worker is through: from here on a stop lets it come to its end.
    ///
    /// - Returns: whether it is its target's current task.
    func end(_ task: TaskReference) async throws -> Bool {
        let marks = try await untilRedisAnswers(Self.waiting, logger: logger) {
            try await store.markImports([task], of: task.scan)
        }
        guard marks.first != .stale else {
            try await refresh.targets(of: [task])
            return false
        }
        await book.finishing(task)
        return true
    }

    /// Removes what workers that are not busy with these tasks any more may have left of them.
    func forget(_ tasks: [TaskReference]) async throws {
        let hosts = await workers.hosts.sorted()
        try await untilRedisAnswers(Self.waiting, logger: logger) {
            try await store.forgetWholeTasks(tasks.map(\.taskID), on: hosts)
        }
    }

    /// Writes outcomes.
    ///
    /// - Parameter afterImport: whether these are of tasks that `end` marked.
    func settle(_ settlements: [Settlement], afterImport: Bool) async throws {
        for (scan, settlements) in Dictionary(grouping: settlements, by: \.task.scan) {
            let written = try await untilRedisAnswers(Self.waiting, logger: logger) {
                try await store.settle(settlements, of: scan, afterImport: afterImport)
            }
            CoordinatorMetrics.settled(settlements, written)
            let results = zip(settlements.map(\.task), written)
            await book.settled(results.filter(\.1).map(\.0))
            try await refresh.targets(of: results.filter { !$0.1 }.map(\.0))
        }
        dispatch.signal()
    }
}
