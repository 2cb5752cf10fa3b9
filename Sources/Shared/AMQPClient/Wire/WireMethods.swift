import AMQPMessages

/// A method that this client sends.
enum OutboundMethod {
    case openChannel
    case closeChannel
    case confirmChannelClosed
    case confirmConnectionClosed
    case selectConfirms
    case declareExchange(AMQPExchange)
    case declareQueue(AMQPQueue)
    /// Asks for a queue's depth; the broker closes the channel when there is no such queue.
    case inspectQueue(String)
    case bind(AMQPBinding)
    case deleteQueue(String)
    case purgeQueue(String)
    case setPrefetch(UInt16)
    case consume(queue: String, consumerTag: String)
    case cancel(consumerTag: String)
    case get(queue: String)
    case acknowledge(Acknowledgement)
    case reject(tag: UInt64, requeue: Bool)
}

/// A method that the broker sends, without content.
enum InboundMethod: Hashable, Sendable {
    case channelOpened
    case channelClosed(replyCode: UInt16, text: String)
    case channelCloseConfirmed
    case connectionClosed(replyCode: UInt16, text: String)
    case blocked(reason: String)
    case unblocked
    case confirmsSelected
    /// An exchange or a binding was declared, or a prefetch set.
    case done
    case queueDeclared(messages: Int, consumers: Int)
    /// A queue was deleted or purged, with so many messages in it.
    case messagesRemoved(Int)
    case consuming
    case cancelConfirmed
    /// The broker ended a consumer, because its queue was deleted or moved.
    case cancelled
    case nothingToGet
    case acknowledged(tag: UInt64, multiple: Bool)
    case refused(tag: UInt64, multiple: Bool)
}

/// A method that the broker sends and follows with properties and a body.
enum ContentMethod: Hashable, Sendable {
    case delivered(Envelope)
    case got(Envelope)
    case returned(code: UInt16, text: String, exchange: String, routingKey: String)

    /// What the broker says of a delivery besides its content.
    struct Envelope: Hashable, Sendable {
        var tag: UInt64
        var isRedelivered: Bool
        var exchange: String
        var routingKey: String
    }
}

/// A whole message from the broker.
struct InboundContent: Hashable, Sendable {
    var method: ContentMethod
    var properties: AMQPProperties
    var body: [UInt8]
    /// Whether the body was too large, and was discarded.
    var isOversized = false
}

/// One frame from the broker.
enum InboundFrame {
    case method(InboundMethod)
    case contentMethod(ContentMethod)
    case contentHeader(bodySize: UInt64, AMQPProperties)
    case contentBody([UInt8])
}
