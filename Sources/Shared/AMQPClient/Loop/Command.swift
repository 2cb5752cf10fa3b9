import AMQPMessages

/// What callers ask of the connection's thread.
enum Command: Sendable {
    case publish([AMQPMessage], deadline: ContinuousClock.Instant, Reply<[PublishOutcome]>)
    case declare(AMQPTopology, deadline: ContinuousClock.Instant, Reply<Void>)
    case forget(AMQPTopology)
    case inspect(queue: String, deadline: ContinuousClock.Instant, Reply<AMQPQueueDepth>)
    case delete(queue: String, deadline: ContinuousClock.Instant, Reply<Int>)
    case purge(queue: String, deadline: ContinuousClock.Instant, Reply<Int>)
    case get(queue: String, deadline: ContinuousClock.Instant, Reply<AMQPDelivery?>)
    case consume(ConsumerRegistration)
    case cancel(ConsumerRegistration.ID, unread: [AMQPDelivery.ID])
    case settle([AMQPDelivery.ID], Settlement)
}

/// What is to become of a delivery.
enum Settlement: Sendable {
    case acknowledged
    case rejected(requeue: Bool)
}

/// A consumer that lives across connections.
struct ConsumerRegistration: Sendable {
    typealias ID = UInt64

    let id: ID
    let queue: String
    let prefetch: UInt16
    let buffer: DeliveryBuffer
}
