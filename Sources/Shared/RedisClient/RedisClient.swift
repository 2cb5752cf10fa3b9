public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// A client of one Redis server, for any number of concurrent callers.
///
/// Commands of all callers share one connection and are pipelined: those that come close together leave in one write,
/// and replies are handed out in order. A lost connection is made anew for as long as ``run()`` goes on; what was in
/// flight fails and is never sent twice.
public final class RedisClient: Service {
    private let configuration: RedisConfiguration
    private let commands: CommandPipeline
    private let subscriptions: SubscriptionPipeline

    /// Makes a client; it connects in ``run()``.
    public init(
        configuration: RedisConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        func connection(_ purpose: String) -> RedisConnection {
            var logger = logger
            logger[metadataKey: "redis"] = "\(configuration)"
            logger[metadataKey: "connection"] = "\(purpose)"
            return RedisConnection(
                configuration: configuration,
                eventLoop: eventLoopGroup.next(),
                logger: logger
            )
        }
        self.configuration = configuration
        commands = CommandPipeline(configuration: configuration, connection: connection("commands"))
        subscriptions = SubscriptionPipeline(configuration: configuration, connection: connection("subscriptions"))
    }

    /// Keeps the client connected until graceful shutdown or cancellation. To be called once.
    ///
    /// An unreachable server is no reason to throw: commands fail as ``RedisError/Code/unavailable`` meanwhile.
    ///
    /// - Throws: where the file of ``RedisTLS/caFile`` cannot be used.
    public func run() async throws {
        let tls = try configuration.tls?.makeContext()
        commands.start(tls: tls)
        subscriptions.start(tls: tls)
        // Either way out means the same.
        try? await gracefulShutdown()
        await subscriptions.shutDown()
        await commands.shutDown()
    }

    /// Whether commands can be sent at this moment.
    public var isConnected: Bool {
        commands.isConnected
    }

    /// Sends a command.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - timeout: How long to wait for the reply; the configuration's `commandTimeout` by default. It does not make
    ///     the server stop.
    /// - Returns: the reply, which may be nil but is no error.
    /// - Throws: a ``RedisError``; its code tells whether the command may have taken effect.
    @discardableResult
    public func execute(_ command: RedisCommand, timeout: Duration? = nil) async throws(RedisError) -> RedisValue {
        var bytes: [UInt8] = []
        try RESPFormatter.append(command, to: &bytes)
        let request = request(bytes, timeout: timeout)
        commands.submit(request)
        return try await request.value()
    }

    /// Sends several commands in one write. This is no transaction: those of other callers may come between them.
    ///
    /// - Returns: one reply for each command; those that the server refused are errors.
    /// - Throws: a ``RedisError`` where not every command was answered; some of them may have taken effect.
    @discardableResult
    public func execute(
        _ batch: [RedisCommand],
        timeout: Duration? = nil
    ) async throws(RedisError) -> [RedisValue] {
        guard !batch.isEmpty else { return [] }
        guard batch.count <= configuration.pendingCommandLimit else {
            throw RedisError(code: .invalidCommand, message: "a batch of \(batch.count) commands is too large")
        }
        var bytes: [UInt8] = []
        for command in batch {
            try RESPFormatter.append(command, to: &bytes)
        }
        let request = request(bytes, batchCount: batch.count, timeout: timeout)
        commands.submit(request)
        return try await request.value().array ?? []
    }

    /// Listens to channels, on a connection apart that is made when first needed and subscribes again when it was lost.
    ///
    /// The stream begins with ``RedisMessage/subscribed`` once the server has confirmed every channel; whatever the
    /// messages announce must be read after each of these. It ends with the client. One reader at a time.
    public func messages(on channels: [String]) -> AsyncStream<RedisMessage> {
        subscriptions.messages(on: channels)
    }

    private func request(_ bytes: [UInt8], batchCount: Int? = nil, timeout: Duration?) -> PendingRequest {
        PendingRequest(
            bytes: bytes,
            replyCount: batchCount ?? 1,
            isBatch: batchCount != nil,
            timeout: TimeAmount(timeout ?? configuration.commandTimeout),
            connectionWait: TimeAmount(configuration.connectionWait),
            now: .now()
        )
    }
}
