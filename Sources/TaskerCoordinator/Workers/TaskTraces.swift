import Foundation

/// Where tasks may be at workers, as far as workers said or showed. Silence is not a no.
struct TaskTraces: Sendable {
    /// Tasks that workers said they have, running or waiting in their hands.
    var held: Set<UUID> = []
    /// Tasks that nodes were seen with and have not been rid of since, with those nodes.
    var seen: [UUID: Set<String>] = [:]
    /// Whether there are workers, and each answered.
    var isComplete: Bool
    /// Whether there are workers that are heard of.
    var hasWorkers: Bool
    /// Whether a node that did not answer may have what it was not seen with: the broker holds its connection.
    var mayHaveUnseen = false

    /// Of tasks that were taken away, those that a worker may still run or begin.
    ///
    /// - Parameter swept: those whose messages were found in the queues and removed.
    func suspects(among tasks: Set<UUID>, swept: Set<UUID>) -> Set<UUID> {
        guard !mayHaveUnseen else { return tasks }
        let traced = tasks.filter { held.contains($0) || seen[$0] != nil }
        // Where nobody can be asked, only what was found is known to be nowhere else.
        return hasWorkers ? traced : traced.union(tasks.subtracting(swept))
    }
}
