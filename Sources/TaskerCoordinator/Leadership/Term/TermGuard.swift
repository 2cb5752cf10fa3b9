import Synchronization

/// Says whether this process may act as leader at this moment. Looked at before every message that leaves, because
/// neither RabbitMQ nor ScanLedger can check an epoch.
final class TermGuard: Sendable {
    private struct State {
        var actsUntil: ContinuousClock.Instant
        var isOver = false
    }

    private let state: Mutex<State>
    private let clock = ContinuousClock()

    init(actsUntil: ContinuousClock.Instant) {
        state = Mutex(State(actsUntil: actsUntil))
    }

    /// Whether the lease, less its margin, still runs.
    var mayAct: Bool {
        state.withLock { !$0.isOver && clock.now < $0.actsUntil }
    }

    /// When the lease, less its margin, ends unless it is renewed.
    var actsUntil: ContinuousClock.Instant {
        state.withLock { $0.actsUntil }
    }

    /// Returns once the leader may act. Where a renewal is late, that is when it has come; where the term is over, the
    /// task is cancelled, and this throws.
    func waitUntilActing() async throws {
        try Task.checkCancellation()
        while !mayAct { try await Task.sleep(for: .milliseconds(20)) }
    }

    func extend(to instant: ContinuousClock.Instant) {
        state.withLock { $0.actsUntil = max($0.actsUntil, instant) }
    }

    func end() {
        state.withLock { $0.isOver = true }
    }

    /// Another coordinator leads already.
    func supersede() {
        state.withLock { state in
            state.isOver = true
            state.actsUntil = min(state.actsUntil, clock.now)
        }
    }
}
