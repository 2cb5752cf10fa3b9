import Foundation
import ScanModel
import ScanStore

/// Looks for whole tasks in the queue, at the workers, and in the keys that workers share.
struct WholeTaskLook: Sendable {
    let store: LeaderStore
    let queues: QueueSweep
    let workers: WorkerMonitor

    /// What was found of some tasks.
    struct Sight: Sendable {
        fileprivate let queued: Set<UUID>
        fileprivate let atWorkers: TaskTraces
        fileprivate let inKeys: [UUID: WholeTaskTrace]

        /// A worker has removed what was announced of the task, as it does when a task ends in any way.
        func isRemoved(_ task: TaskReference) -> Bool { inKeys[task.taskID]?.isAnnounced == false }

        /// A worker's note that it has the task, where it does.
        func running(_ task: TaskReference) -> WholeTaskTrace.RunningNote? {
            atWorkers.held.contains(task.taskID) ? inKeys[task.taskID]?.running : nil
        }

        func finding(of task: TaskReference) -> WholeTask.Finding {
            if queued.contains(task.taskID) { return .inQueue }
            if atWorkers.held.contains(task.taskID) { return .atWorker }
            return atWorkers.mayHaveUnseen ? .unclear : .nowhere
        }
    }

    /// - Returns: nil where the broker or a worker did not answer, so that nothing can be concluded.
    func find(_ tasks: [TaskReference]) async throws -> Sight? {
        let ids = tasks.map(\.taskID)
        let atWorkers = await workers.census.traces(of: Set(ids), waitingAtMost: .seconds(2))
        guard atWorkers.isComplete, let queued = await queues.tasks() else { return nil }
        // The keys last: a worker removes them before it lets go of the task.
        let inKeys = try await store.traces(of: ids, on: await workers.hosts.sorted())
        return Sight(queued: queued, atWorkers: atWorkers, inKeys: inKeys)
    }
}
