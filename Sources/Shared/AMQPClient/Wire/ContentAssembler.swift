import AMQPMessages

/// Puts a message together from the frames of one channel: a method, a header, and body frames up to the size the
/// header announces (AMQP 0-9-1, section 4.2.6). A body above the limit is read and discarded.
struct ContentAssembler {
    private enum State {
        case idle
        case awaitingHeader(ContentMethod)
        case awaitingBody(InboundContent, missing: Int)
    }

    /// Memory set aside on the strength of a header alone.
    private static let maximumReservation = 1 << 20

    private let maximumBodyBytes: Int
    private var state = State.idle

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Takes the method that begins a message.
    mutating func begin(_ method: ContentMethod) throws(AMQPError) {
        guard case .idle = state else { throw violation("a message inside a message") }
        state = .awaitingHeader(method)
    }

    /// Takes the header; returns the message when it has no body.
    mutating func header(bodySize: UInt64, _ properties: AMQPProperties) throws(AMQPError) -> InboundContent? {
        guard case .awaitingHeader(let method) = state, let size = Int(exactly: bodySize) else {
            throw violation("a content header out of place")
        }
        var content = InboundContent(method: method, properties: properties, body: [])
        if size == 0 {
            state = .idle
            return content
        }
        content.isOversized = size > maximumBodyBytes
        if !content.isOversized { content.body.reserveCapacity(min(size, Self.maximumReservation)) }
        state = .awaitingBody(content, missing: size)
        return nil
    }

    /// Takes a part of the body; returns the message when it is whole.
    mutating func body(_ bytes: [UInt8]) throws(AMQPError) -> InboundContent? {
        guard case .awaitingBody(var content, let missing) = state else { throw violation("a body out of place") }
        state = .idle
        guard bytes.count <= missing else { throw violation("a body longer than announced") }
        if !content.isOversized { content.body.append(contentsOf: bytes) }
        if bytes.count == missing { return content }
        state = .awaitingBody(content, missing: missing - bytes.count)
        return nil
    }

    private func violation(_ message: String) -> AMQPError {
        AMQPError(code: .protocolViolation, message: message)
    }
}
