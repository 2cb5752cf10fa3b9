import Synchronization

/// What the connection's thread publishes about itself.
final class ConnectionStatus: Sendable {
    struct Values {
        var isConnected = false
        /// How often there was a connection so far.
        var connections = 0
        /// Why the broker accepts no messages now.
        var blockedReason: String?
        var lastFailure: AMQPError?
    }

    private let values = Mutex(Values())

    var current: Values {
        values.withLock { $0 }
    }

    func update(_ change: (inout Values) -> Void) {
        values.withLock { change(&$0) }
    }
}
