import ScanStore
import Synchronization

/// Says whether this process may act as leader at this moment. Looked at before every message that leaves, because
/// neither RabbitMQ nor ScanLedger can check an epoch.
final class TermGuard: Sendable {
    private let actsUntil: Mutex<ContinuousClock.Instant>
    private let clock = ContinuousClock()

    init(actsUntil: ContinuousClock.Instant) {
        self.actsUntil = Mutex(actsUntil)
    }

    /// Whether the lease, less its margin, still runs.
    var mayAct: Bool {
        actsUntil.withLock { clock.now < $0 }
    }

    /// Throws `TermOver` where the lease has run out.
    func check() throws {
        guard mayAct else { throw TermOver() }
    }

    func extend(to instant: ContinuousClock.Instant) {
        actsUntil.withLock { $0 = max($0, instant) }
    }

    func end() {
        actsUntil.withLock { $0 = clock.now }
    }
}

/// The term is over; whatever was about to be done must not be done.
struct TermOver: Error {}
