import RedisClient
import ServiceLifecycle

/// Wakes requests that wait for the coordinator, by one subscription for the whole replica.
///
/// A message only says that there is something to be read. Messages may be lost while the subscription is, so every
/// waiter reads again after each new subscription, and now and then without any cause.
final class PlanNotifier: Service {
    /// How many requests may wait at once; each costs a few kilobytes and a read now and then.
    static let waiterLimit = 10_000
    /// How often a waiter reads without having been woken.
    static let fallbackInterval = Duration.seconds(2)

    private let messages: @Sendable () -> AsyncStream<RedisMessage>
    private let waiters: WaiterTable

    /// - Parameter messages: begins the subscription to `Channel.notify`.
    init(waiterLimit: Int = PlanNotifier.waiterLimit, messages: @escaping @Sendable () -> AsyncStream<RedisMessage>) {
        self.messages = messages
        waiters = WaiterTable(limit: waiterLimit)
    }

    /// Listens until graceful shutdown.
    func run() async throws {
        for await message in messages().cancelOnGracefulShutdown() {
            switch message {
            case .subscribed: waiters.signalAll()
            case .message(_, let payload):
                if let topic = Topic(notification: payload) { waiters.signal(topic) }
            }
        }
    }

    /// Reads until there is a value, the time is up, or the service shuts down.
    ///
    /// - Parameters:
    ///   - duration: how long at most.
    ///   - read: looks for the value; nil where it is not there yet.
    /// - Returns: nil where the value did not come. Where too many wait already, only one look is taken.
    func wait<Value: Sendable, C: Clock>(
        for topic: Topic,
        atMost duration: Duration,
        clock: C = ContinuousClock(),
        read: () async throws -> Value?
    ) async throws -> Value? where C.Duration == Duration {
        guard let waiter = waiters.add(for: topic) else { return try await read() }
        defer { waiters.remove(waiter, for: topic) }
        let deadline = clock.now.advanced(by: duration)
        return try await withGracefulShutdownHandler {
            while true {
                if let value = try await read() { return value }
                let now = clock.now
                guard now < deadline, !Task.isCancelled, !Task.isShuttingDownGracefully else { return nil }
                let next = min(deadline, now.advanced(by: Self.fallbackInterval))
                await waiter.wait(until: next, clock: clock)
            }
        } onGracefulShutdown: {
            waiter.signal()
        }
    }

    /// How many requests wait.
    var waiterCount: Int { waiters.count }
}
