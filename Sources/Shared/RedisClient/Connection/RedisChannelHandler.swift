import NIOCore

/// Turns what arrives on a socket into replies for its connection.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reader = RESPReader()
    private var connection: RedisConnection?

    init(connection: RedisConnection) {
        self.connection = connection
    }

    /// Makes the handler deaf: what still happens on its socket concerns nobody.
    func detach() {
        connection = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let connection else { return }
        var replies: [RedisValue] = []
        do {
            try unwrapInboundIn(data).withUnsafeReadableBytes { (bytes) throws(RedisError) in
                try reader.read(bytes, appendingTo: &replies)
            }
            connection.received(replies)
        } catch {
            connection.received(replies)
            connection.fail(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection?.fail(RedisError(code: .connectionLost, message: "the server closed the connection"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection?.fail(RedisError(code: .connectionLost, message: "\(error)"))
    }
}
