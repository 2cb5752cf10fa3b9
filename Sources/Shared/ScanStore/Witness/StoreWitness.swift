import Synchronization

/// Remembers, for a whole process, what Redis has shown it, and notices when Redis holds less. To be shared by all that
/// talks to the installation's Redis.
public final class StoreWitness: Sendable {
    private let memory = Mutex(InstallationMemory())
    private let report: @Sendable (LostWrites) -> Void

    /// A witness that has seen nothing yet.
    ///
    /// - Parameter report: is told of each loss, once, on whatever thread notices it.
    public init(report: @escaping @Sendable (LostWrites) -> Void = { _ in }) {
        self.report = report
    }

    /// How often Redis was found to have lost writes: where it is the same before and after, nothing was lost between.
    public var losses: Int { memory.withLock(\.losses) }

    /// What is known before a request is sent.
    var mark: InstallationMemory.Mark { memory.withLock(\.mark) }

    /// Takes in what an answer says.
    ///
    /// - Parameter own: how many of the writes are the request's own.
    func saw(writes found: Int64, own: Int64 = 0, since mark: InstallationMemory.Mark) {
        let lost = memory.withLock { $0.saw(writes: found, own: own, since: mark) }
        if let lost { report(lost) }
    }
}
