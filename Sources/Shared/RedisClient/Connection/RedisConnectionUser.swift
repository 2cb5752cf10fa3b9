/// Who sends commands over a connection and takes its replies. Every call comes on the connection's event loop.
protocol RedisConnectionUser: AnyObject, Sendable {
    /// Commands may be sent from now on.
    func connectionBecameReady()

    /// Replies arrived, in the order of the commands; those of one read come together.
    func connectionReceived(_ replies: [RedisValue])

    /// The connection is gone; what was sent and not answered will never be. Another is already being made, unless
    /// the connection was stopped.
    func connectionLost(_ error: RedisError)

    /// An attempt to connect failed; another follows.
    func connectionAttemptFailed(_ error: RedisError)
}
