import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A listener that accepts the client's handshake and then misbehaves as told.
final class RedisPuppet: Sendable {
    /// What becomes of the first piece of data after the handshake.
    enum Manner {
        case neverAnswer
        case hangUp
        case answer(String)
    }

    private struct Journal {
        var connections = 0
        var closedConnections = 0
        var received: [String] = []
    }

    private let journal = Mutex(Journal())

    /// How many connections were ever accepted.
    var connections: Int { journal.withLock { $0.connections } }
    /// How many of them are closed.
    var closedConnections: Int { journal.withLock { $0.closedConnections } }
    /// What arrived, one entry for each read, handshakes included.
    var received: [String] { journal.withLock { $0.received } }

    /// Runs a listener for as long as the body takes.
    static func withPuppet<Result>(
        _ manner: Manner,
        _ body: (RedisPuppet, _ port: Int) async throws -> Result
    ) async throws -> Result {
        let puppet = RedisPuppet()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(puppet: puppet, manner: manner))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(puppet, try #require(listener.localAddress?.port))
            try await listener.close()
            return result
        } catch {
            try await listener.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let puppet: RedisPuppet
        private let manner: Manner
        private var hasShakenHands = false

        init(puppet: RedisPuppet, manner: Manner) {
            self.puppet = puppet
            self.manner = manner
        }

        func channelActive(context: ChannelHandlerContext) {
            puppet.journal.withLock { $0.connections += 1 }
        }

        func channelInactive(context: ChannelHandlerContext) {
            puppet.journal.withLock { $0.closedConnections += 1 }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            puppet.journal.withLock { $0.received.append(text) }
            guard hasShakenHands else {
                hasShakenHands = true
                return write("+OK\r\n+PONG\r\n", context)
            }
            switch manner {
            case .neverAnswer: break
            case .hangUp: context.close(promise: nil)
            case .answer(let answer): write(answer, context)
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.channel.writeAndFlush(context.channel.allocator.buffer(string: text), promise: nil)
        }
    }
}
