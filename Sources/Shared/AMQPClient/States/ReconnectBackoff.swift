/// How long to wait before the next attempt to connect: exponential with full jitter, so that the clients of a broker
/// that comes back do not all come at once (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
struct ReconnectBackoff {
    /// The bound of the first delay.
    static let base = Duration.milliseconds(100)
    /// The bound of all delays.
    static let maximum = Duration.seconds(5)

    private var attempt = 0

    /// The delay after a failure; one that will not pass by itself takes the longest, and leaves the sequence alone.
    ///
    /// - Parameter jitter: A random number from 0 to 1.
    mutating func delay(after error: AMQPError, jitter: Double) -> Duration {
        guard error.isRetryable else { return Self.maximum }
        let bound = min(Self.maximum, Self.base * (1 << min(attempt, 16)))
        attempt += 1
        return bound * jitter
    }

    /// Begins again after a connection that has proved itself by lasting; one that is closed at once has not.
    mutating func connectionEnded(after lifetime: Duration) {
        if lifetime >= Self.maximum { attempt = 0 }
    }
}
