public import AMQPMessages

/// Exchanges, queues and bindings that are to exist.
public struct AMQPTopology: Hashable, Sendable {
    /// The exchanges.
    public var exchanges: [AMQPExchange]
    /// The queues.
    public var queues: [AMQPQueue]
    /// Which exchange feeds which queue.
    public var bindings: [AMQPBinding]

    /// A topology of these parts.
    public init(exchanges: [AMQPExchange] = [], queues: [AMQPQueue] = [], bindings: [AMQPBinding] = []) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
    }
}

/// An exchange as it is to be declared.
public struct AMQPExchange: Hashable, Sendable {
    /// How an exchange routes.
    public enum Kind: String, Hashable, Sendable {
        /// To the queues bound with the message's routing key.
        case direct
        /// To all bound queues.
        case fanout
        /// To the queues whose binding pattern matches the routing key.
        case topic
        /// By the message's headers.
        case headers
    }

    /// The exchange's name.
    public var name: String
    /// How it routes.
    public var kind: Kind
    /// Whether it survives a restart of the broker.
    public var isDurable: Bool
    /// Whether it is deleted when its last queue is unbound.
    public var isAutoDelete: Bool
    /// Further arguments.
    public var arguments: AMQPTable

    /// An exchange, durable unless told otherwise.
    public init(
        name: String,
        kind: Kind,
        isDurable: Bool = true,
        isAutoDelete: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.isAutoDelete = isAutoDelete
        self.arguments = arguments
    }
}

/// A queue as it is to be declared.
public struct AMQPQueue: Hashable, Sendable {
    /// The queue's name; the broker is not asked to invent one.
    public var name: String
    /// Whether it survives a restart of the broker.
    public var isDurable: Bool
    /// Whether only the declaring connection may use it; such a queue is deleted with the connection.
    public var isExclusive: Bool
    /// Whether it is deleted when its last consumer leaves.
    public var isAutoDelete: Bool
    /// Further arguments, such as `x-max-length`.
    public var arguments: AMQPTable

    /// A queue, durable and shared unless told otherwise.
    public init(
        name: String,
        isDurable: Bool = true,
        isExclusive: Bool = false,
        isAutoDelete: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.isAutoDelete = isAutoDelete
        self.arguments = arguments
    }
}

/// A binding of a queue to an exchange.
public struct AMQPBinding: Hashable, Sendable {
    /// The queue that receives.
    public var queue: String
    /// The exchange that routes.
    public var exchange: String
    /// The routing key or pattern.
    public var routingKey: String
    /// Further arguments.
    public var arguments: AMQPTable

    /// A binding.
    public init(queue: String, exchange: String, routingKey: String = "", arguments: AMQPTable = [:]) {
        self.queue = queue
        self.exchange = exchange
        self.routingKey = routingKey
        self.arguments = arguments
    }
}

/// How full a queue is.
public struct AMQPQueueDepth: Hashable, Sendable {
    /// Messages ready to be delivered; those delivered and not yet acknowledged are not counted.
    public var messages: Int
    /// Consumers of the queue, over all connections.
    public var consumers: Int

    /// A depth of so many messages and consumers.
    public init(messages: Int, consumers: Int) {
        self.messages = messages
        self.consumers = consumers
    }
}
