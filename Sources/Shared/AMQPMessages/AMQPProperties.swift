/// The properties of a message (AMQP 0-9-1, class `basic`). What is `nil` is not sent.
public struct AMQPProperties: Hashable, Sendable {
    /// Whether a durable queue writes the message to disk.
    public enum DeliveryMode: UInt8, Hashable, Sendable {
        /// Lost when the broker restarts.
        case transient = 1
        /// Survives a restart of the broker in a durable queue.
        case persistent = 2
    }

    /// MIME type of the body.
    public var contentType: String?
    /// MIME encoding of the body.
    public var contentEncoding: String?
    /// Application headers.
    public var headers: AMQPTable?
    /// Whether the message survives a restart of the broker.
    public var deliveryMode: DeliveryMode?
    /// Priority, where the queue has priorities.
    public var priority: UInt8?
    /// Identifier that a reply repeats.
    public var correlationID: String?
    /// Where replies go, usually a queue's name.
    public var replyTo: String?
    /// Time to live in milliseconds, as decimal text.
    public var expiration: String?
    /// Application's identifier of the message.
    public var messageID: String?
    /// Seconds since 1970-01-01T00:00:00Z.
    public var timestamp: UInt64?
    /// Application's name for the kind of message.
    public var type: String?
    /// The publishing user; the broker refuses any but the connection's own.
    public var userID: String?
    /// Application's identifier of itself.
    public var appID: String?

    /// Properties with these values.
    public init(
        contentType: String? = nil,
        contentEncoding: String? = nil,
        headers: AMQPTable? = nil,
        deliveryMode: DeliveryMode? = nil,
        priority: UInt8? = nil,
        correlationID: String? = nil,
        replyTo: String? = nil,
        expiration: String? = nil,
        messageID: String? = nil,
        timestamp: UInt64? = nil,
        type: String? = nil,
        userID: String? = nil,
        appID: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.headers = headers
        self.deliveryMode = deliveryMode
        self.priority = priority
        self.correlationID = correlationID
        self.replyTo = replyTo
        self.expiration = expiration
        self.messageID = messageID
        self.timestamp = timestamp
        self.type = type
        self.userID = userID
        self.appID = appID
    }
}
