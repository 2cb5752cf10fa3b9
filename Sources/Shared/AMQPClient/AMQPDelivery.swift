public import AMQPMessages

/// A message from a queue, to be acknowledged or rejected.
public struct AMQPDelivery: Identifiable, Sendable {
    /// Identifies a delivery for settlement: an incarnation of a channel, and the delivery's number on it.
    public struct ID: Hashable, Sendable {
        /// Never used twice in the life of an ``AMQPConnection``, so an ID of a closed channel matches nothing.
        let channelIncarnation: UInt64
        let tag: UInt64
    }

    /// Identifies it for settlement.
    public let id: ID
    /// The queue it came from.
    public let queue: String
    /// The exchange it was published to.
    public let exchange: String
    /// The routing key it was published with.
    public let routingKey: String
    /// The message's properties.
    public let properties: AMQPProperties
    /// The message's content; empty when it is oversized.
    public let body: [UInt8]
    /// Whether the broker has delivered it before, here or elsewhere.
    public let isRedelivered: Bool
    /// Whether the body was larger than ``AMQPConfiguration/maximumBodyBytes``, and was discarded.
    public let isOversized: Bool
}

extension AMQPDelivery {
    /// A delivery that came from no broker, for tests of what handles deliveries. Settling it does nothing.
    public init(
        queue: String,
        message: AMQPMessage,
        isRedelivered: Bool = false,
        isOversized: Bool = false,
        number: UInt64 = 0
    ) {
        self.init(
            id: ID(channelIncarnation: 0, tag: number),
            queue: queue,
            exchange: message.exchange,
            routingKey: message.routingKey,
            properties: message.properties,
            body: message.body,
            isRedelivered: isRedelivered,
            isOversized: isOversized
        )
    }
}
