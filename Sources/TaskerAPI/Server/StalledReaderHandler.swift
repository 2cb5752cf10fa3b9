import Logging
import NIOCore
import Telemetry

/// Closes a connection whose caller does not take what is written to it.
///
/// Hummingbird's idle timeout does not run while an answer is being written: who stops to read in the middle of a report would
/// keep all that the report is made of, for ever. A connection is not writable from the moment when the kernel takes no more
/// and 64 KiB wait, which is a block of a report, until half of that has gone: each block has so long to be taken. What waits
/// to be written then fails, and with it the answer.
final class StalledReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let patience: TimeAmount
    private let logger: Logger
    private var deadline: Scheduled<Void>?

    /// - Parameter patience: how long a connection may stay as it is while something waits to be written.
    init(patience: TimeAmount, logger: Logger) {
        self.patience = patience
        self.logger = logger
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = context.channel.isWritable ? nil : closing(context)
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    private func closing(_ context: ChannelHandlerContext) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [logger, patience] in
            let seconds = patience.nanoseconds / 1_000_000_000
            logger.notice("Connection cut off", metadata: [LogKey.reason: "nothing was taken for \(seconds) s"])
            context.close(promise: nil)
        }
    }
}
