import NIOCore
import NIOHTTPTypes

/// Ends requests that take too long to arrive.
///
/// Hummingbird's idle timeout counts from the last part of a request, so that a body of one byte a minute would go on
/// for ever. Where the time is over, whoever waits for the rest of the request is told by an error, and the connection is
/// closed behind the answer.
final class SlowSenderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// A request did not arrive in time.
    struct TimeOver: Error {}

    private let headTime: TimeAmount
    private let bodyTime: TimeAmount
    private var deadline: Scheduled<Void>?

    init(headTime: TimeAmount, bodyTime: TimeAmount) {
        self.headTime = headTime
        self.bodyTime = bodyTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        expect(within: headTime, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: expect(within: bodyTime, context)
        case .body: break
        case .end: deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            context.fireErrorCaught(TimeOver())
        }
    }
}
