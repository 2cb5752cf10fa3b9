import Foundation

/// Tasks that a stop gave up and that may still run. They are revoked again until no worker has them.
actor PendingRevocations {
    /// As many as a worker remembers; beyond it the oldest go.
    private static let limit = 50_000

    private(set) var tasks: [UUID] = []

    func add(_ tasks: Set<UUID>) {
        self.tasks += tasks
        self.tasks.removeFirst(max(0, self.tasks.count - Self.limit))
    }

    /// Keeps those of the tasks that are still somewhere.
    func keep(_ found: Set<UUID>) {
        tasks.removeAll { !found.contains($0) }
    }
}
