import Foundation
import Synchronization

/// Remembers, for a whole process, what Redis has shown it, and notices when Redis holds less, or another installation's
/// data. To be shared by all that talks to the installation's Redis.
public final class StoreWitness: Sendable {
    private struct State {
        var memory: InstallationMemory
        var lost: (writes: LostWrites, since: ContinuousClock.Instant)?
    }

    private let state: Mutex<State>
    private let report: @Sendable (LostWrites) -> Void

    /// For how long a loss is worth a warning.
    private static let memorableTime = Duration.seconds(3_600)

    /// A witness that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - installation: the installation whose data Redis must hold; nil for the first that is seen.
    ///   - report: is told of each loss, once, on whatever thread notices it.
    public init(installation: String? = nil, report: @escaping @Sendable (LostWrites) -> Void = { _ in }) {
        state = Mutex(State(memory: InstallationMemory(installation: installation)))
        self.report = report
    }

    /// How often Redis was found to have lost writes: where it is the same before and after, nothing was lost between.
    public var losses: Int { state.withLock(\.memory.losses) }

    /// The loss of the last hour, if there was one.
    public var recentLoss: LostWrites? {
        state.withLock(\.lost).flatMap { lost in
            lost.since.duration(to: .now) < Self.memorableTime ? lost.writes : nil
        }
    }

    /// Set while Redis holds other data than that of the installation this process works for: nothing may be done then.
    public var foreign: ForeignInstallation? { state.withLock(\.memory.foreign) }

    /// The installation that this process works for; nil where it has seen none.
    public var installation: String? { state.withLock(\.memory.installation) }

    /// The highest epoch that was ever seen.
    var epoch: Int64 { state.withLock(\.memory.epoch) }

    /// What is known before a request is sent.
    var mark: InstallationMemory.Mark { state.withLock(\.memory.mark) }

    /// Takes in whose data is there; see ``InstallationMemory``.
    func saw(installation: String?, isAccepted: Bool, since mark: InstallationMemory.Mark) {
        state.withLock { $0.memory.saw(installation: installation, isAccepted: isAccepted, since: mark) }
    }

    func saw(epoch: Int64) {
        state.withLock { $0.memory.saw(epoch: epoch) }
    }

    /// Takes in how many writes there were; see ``InstallationMemory``.
    func saw(writes found: Int64, own: Int64 = 0, since mark: InstallationMemory.Mark) {
        let lost = state.withLock { state -> LostWrites? in
            guard let count = state.memory.saw(writes: found, own: own, since: mark) else { return nil }
            let lost = LostWrites(count: count, time: Date())
            state.lost = (lost, .now)
            return lost
        }
        if let lost { report(lost) }
    }
}
