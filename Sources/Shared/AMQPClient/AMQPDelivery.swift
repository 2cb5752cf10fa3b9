public import AMQPMessages

/// A message from a queue, to be acknowledged or rejected.
public struct AMQPDelivery: Sendable {
    /// Identifies a delivery for settlement: an incarnation of a channel, and the delivery's number on it.
    struct Reference: Hashable, Sendable {
        /// Never used twice in the life of an ``AMQPConnection``, so a reference to a closed channel matches nothing.
        let channelIncarnation: UInt64
        let tag: UInt64
    }

    /// The queue it came from.
    public let queue: String
    /// The exchange it was published to.
    public let exchange: String
    /// The routing key it was published with.
    public let routingKey: String
    /// The message's properties.
    public let properties: AMQPProperties
    /// The message's content.
    public let body: [UInt8]
    /// Whether the broker has delivered it before, here or elsewhere.
    public let isRedelivered: Bool

    let reference: Reference
}
