import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// A connection to the server that is opened again, after a backoff, whenever it is lost.
///
/// Sendable because everything but the constants is touched on `eventLoop` alone, which each method asserts.
final class RedisConnection: @unchecked Sendable {
    let eventLoop: any EventLoop
    private let configuration: RedisConfiguration
    private let logger: Logger
    private let backoff = Backoff()

    private weak var user: (any RedisConnectionUser)?
    private var stateMachine = StateMachine()
    private var tls: NIOSSLContext?
    private var socket: (channel: any Channel, handler: RedisChannelHandler)?
    private var timer: Scheduled<Void>?

    init(configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
    }

    /// Opens the connection and keeps it open until ``stop()``. Further calls do nothing.
    func start(for user: any RedisConnectionUser, tls: NIOSSLContext?) {
        eventLoop.assertInEventLoop()
        self.user = user
        self.tls = tls
        perform(stateMachine.start())
    }

    /// Closes the connection for good.
    func stop() {
        eventLoop.assertInEventLoop()
        perform(stateMachine.stop())
    }

    /// Gives the connection up as broken; another is made.
    func fail(_ error: RedisError) {
        eventLoop.assertInEventLoop()
        perform(stateMachine.failed(error))
    }

    /// Sends commands; to be called between ready and lost only.
    func write(_ commands: some Collection<[UInt8]>) {
        eventLoop.assertInEventLoop()
        guard let channel = socket?.channel else { return }
        var buffer = channel.allocator.buffer(capacity: commands.reduce(0) { $0 + $1.count })
        for command in commands {
            buffer.writeBytes(command)
        }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Takes replies from the socket's handler.
    func received(_ replies: [RedisValue]) {
        eventLoop.assertInEventLoop()
        switch stateMachine.state {
        case .ready:
            user?.connectionReceived(replies)
        case .handshaking:
            for reply in replies {
                let refusal = reply.error.map { RedisError(code: .unavailable, message: "refused: \($0)") }
                perform(stateMachine.handshakeAnswered(refusal: refusal))
            }
        case .idle, .connecting, .backingOff, .stopped:
            break
        }
    }

    private func perform(_ action: StateMachine.Action) {
        switch action {
        case .none:
            break
        case .connect:
            connect()
        case .announceReady:
            timer?.cancel()
            timer = eventLoop.scheduleTask(in: backoff.cap) { self.stateMachine.lasted() }
            logger.info("Connected to Redis")
            user?.connectionBecameReady()
        case .backOff(let failures, let error):
            closeSocket()
            scheduleAttempt(failures: failures)
            logger.log(level: Self.level(ofFailure: failures), "Cannot connect to Redis", error: error)
            user?.connectionAttemptFailed(error)
        case .announceLossAndBackOff(let failures, let error):
            closeSocket()
            scheduleAttempt(failures: failures)
            logger.log(level: Self.level(ofFailure: failures), "Lost the connection to Redis", error: error)
            user?.connectionLost(error)
        case .cancelTimer:
            timer?.cancel()
        case .closeSocket:
            closeSocket()
        case .closeSocketAndAnnounceLoss:
            closeSocket()
            user?.connectionLost(RedisError(code: .connectionLost, message: "the client stopped"))
        }
    }

    /// A server that stays away is worth one warning, not one every two seconds.
    private static func level(ofFailure failures: Int) -> Logger.Level {
        failures <= 1 ? .warning : .debug
    }

    private func connect() {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { [tls, host = configuration.host] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let tls else { return }
                    let serverName = RedisTLS.serverName(forHost: host)
                    let handler = try NIOSSLClientHandler(context: tls, serverHostname: serverName)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: configuration.host, port: configuration.port)
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel)
                case .failure(let error): self.fail(RedisError(code: .unavailable, message: "\(error)"))
                }
            }
    }

    private func connected(_ channel: any Channel) {
        let handshake = RedisHandshake(configuration)
        switch stateMachine.connected(handshakeReplies: handshake.commands.count) {
        case .discard:
            channel.close(promise: nil)
        case .shakeHands:
            let handler = RedisChannelHandler(connection: self)
            socket = (channel, handler)
            let limit = TimeAmount(configuration.connectTimeout)
            timer = eventLoop.scheduleTask(in: limit) {
                self.fail(RedisError(code: .unavailable, message: "no answer to the handshake in \(limit)"))
            }
            do {
                try channel.pipeline.syncOperations.addHandler(handler)
                write(CollectionOfOne(try handshake.formatted()))
            } catch {
                fail(RedisError(code: .unavailable, message: "\(error)"))
            }
        }
    }

    private func closeSocket() {
        timer?.cancel()
        socket?.handler.detach()
        socket?.channel.close(promise: nil)
        socket = nil
    }

    private func scheduleAttempt(failures: Int) {
        var generator = SystemRandomNumberGenerator()
        timer = eventLoop.scheduleTask(in: backoff.delay(failures: failures, using: &generator)) {
            self.perform(self.stateMachine.backedOff())
        }
    }
}

extension Logger {
    fileprivate func log(level: Level, _ message: Message, error: RedisError) {
        log(level: level, message, metadata: ["error": "\(error)"])
    }
}
