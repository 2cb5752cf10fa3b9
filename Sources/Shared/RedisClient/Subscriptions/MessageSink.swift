/// Where a subscription's messages go: a stream that keeps the newest.
///
/// When the reader is too slow the oldest are dropped, and a ``RedisMessage/subscribed`` behind the gap tells it to
/// read again. One marker suffices for all that is lost before it, so a flood costs one per bufferful.
struct MessageSink {
    private let continuation: AsyncStream<RedisMessage>.Continuation
    private let bufferLimit: Int
    /// How many elements were ever put in the buffer, and which of them is the last marker.
    private var yieldedCount = 0
    private var lastMarker = 0

    /// Makes a stream and its sink.
    static func makeStream(bufferLimit: Int) -> (stream: AsyncStream<RedisMessage>, sink: MessageSink) {
        let limit = max(bufferLimit, 2)
        let (stream, continuation) = AsyncStream.makeStream(
            of: RedisMessage.self,
            bufferingPolicy: .bufferingNewest(limit)
        )
        return (stream, MessageSink(continuation: continuation, bufferLimit: limit))
    }

    private init(continuation: AsyncStream<RedisMessage>.Continuation, bufferLimit: Int) {
        self.continuation = continuation
        self.bufferLimit = bufferLimit
    }

    /// Calls back once the reader is gone.
    func onTermination(_ action: @escaping @Sendable () -> Void) {
        continuation.onTermination = { _ in action() }
    }

    /// Hands a message to the reader.
    mutating func deliver(_ message: RedisMessage) {
        yieldedCount += 1
        if message == .subscribed {
            lastMarker = yieldedCount
        }
        guard case .dropped = continuation.yield(message) else { return }
        // Something was dropped, so the buffer is full and holds the newest `bufferLimit` elements.
        if lastMarker <= yieldedCount - bufferLimit {
            deliver(.subscribed)
        }
    }

    /// Ends the stream.
    func finish() {
        continuation.finish()
    }
}
