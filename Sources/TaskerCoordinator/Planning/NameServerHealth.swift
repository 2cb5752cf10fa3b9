import Synchronization

/// Whether the name servers answered anything lately. It tells names whose own servers are dead from an outage of ours.
final class NameServerHealth: Sendable {
    /// For how long an answer speaks for the servers.
    private static let validity = Duration.seconds(60)

    private let lastAnswer = Mutex<ContinuousClock.Instant?>(nil)
    private let clock = ContinuousClock()

    func answered() {
        lastAnswer.withLock { $0 = clock.now }
    }

    var isGood: Bool {
        lastAnswer.withLock { last in last.map { clock.now - $0 < Self.validity } ?? false }
    }
}
