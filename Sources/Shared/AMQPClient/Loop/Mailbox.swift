import Synchronization

/// The commands on their way to the connection's thread, and the signal that wakes it.
///
/// Its length is bounded by ``Admission`` for what callers wait for, and by the prefetch of consumers for the rest.
final class Mailbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isStopped = false
    }

    let signal = WakeUpSignal()
    private let state = Mutex(State())

    /// Whether the connection is to shut down.
    var isStopped: Bool {
        state.withLock(\.isStopped)
    }

    /// Hands a command to the thread. After ``stop()`` it is dropped, which fails its reply, and the result is `false`.
    @discardableResult
    func post(_ command: Command) -> Bool {
        let isPosted = state.withLock { state in
            if !state.isStopped { state.commands.append(command) }
            return !state.isStopped
        }
        if isPosted { signal.raise() }
        return isPosted
    }

    /// All commands posted since the last time.
    func take() -> [Command] {
        signal.clear()
        return state.withLock { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// Asks the thread to finish, and refuses further commands.
    func stop() {
        state.withLock { $0.isStopped = true }
        signal.raise()
    }
}

/// Bounds how many messages and requests are taken from callers at once.
final class Admission: Sendable {
    private let limit: Int
    private let admitted = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Admits a request unless the limit is reached; one request may overshoot it.
    func enter(_ count: Int) -> Bool {
        admitted.withLock { admitted in
            guard admitted < limit else { return false }
            admitted += count
            return true
        }
    }

    /// Ends what ``enter(_:)`` has admitted.
    func leave(_ count: Int) {
        admitted.withLock { $0 -= count }
    }
}
