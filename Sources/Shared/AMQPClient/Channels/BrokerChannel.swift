/// One AMQP channel, from its opening to its end; after that another object takes over.
///
/// Belongs to the connection's thread. What is thrown means that the whole connection is lost.
protocol BrokerChannel: AnyObject {
    /// Takes a method without content.
    func receive(_ method: InboundMethod) throws(AMQPError)
    /// Takes a message.
    func receive(_ content: InboundContent) throws(AMQPError)
    /// Ends the channel: the broker has closed it, or the connection is gone. Answers whoever waits for it.
    func end(_ error: AMQPError)
}

/// A channel's way to the broker.
struct ChannelPort {
    let link: BrokerLink
    let number: UInt16

    func send(_ method: OutboundMethod) throws(AMQPError) {
        try link.send(method, on: number)
    }
}

extension AMQPError {
    static func unexpected(_ method: some Any) -> AMQPError {
        AMQPError(code: .protocolViolation, message: "unexpected \(method)")
    }
}
