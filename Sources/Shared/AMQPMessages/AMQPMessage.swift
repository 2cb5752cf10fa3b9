/// A message to publish.
public struct AMQPMessage: Hashable, Sendable {
    /// The exchange to publish to; empty for the default exchange, which routes by queue name.
    public var exchange: String
    /// The routing key.
    public var routingKey: String
    /// The message's properties.
    public var properties: AMQPProperties
    /// The message's content.
    public var body: [UInt8]
    /// Whether the broker returns the message when it reaches no queue, instead of dropping it.
    public var isMandatory: Bool

    /// A message; mandatory unless told otherwise, so that one which reaches no queue is noticed.
    public init(
        exchange: String,
        routingKey: String,
        properties: AMQPProperties = AMQPProperties(),
        body: [UInt8],
        isMandatory: Bool = true
    ) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
        self.isMandatory = isMandatory
    }
}
