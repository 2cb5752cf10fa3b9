/// The deliveries of one queue, over any number of connections.
///
/// At most `prefetch` deliveries are unsettled at a time, so a slow reader slows the broker, not this process's memory.
/// After a loss of connection, or when the queue has been missing, it goes on by itself; what was not settled by then
/// is delivered again. It is iterated over by one task, and ends when it is cancelled or the connection shuts down. One
/// that is no longer referenced is cancelled.
public final class AMQPConsumer: AsyncSequence, Sendable {
    /// A message from the queue.
    public typealias Element = AMQPDelivery
    /// Deliveries are awaited without errors.
    public typealias Failure = Never

    private let registration: ConsumerRegistration
    private let mailbox: Mailbox

    init(registration: ConsumerRegistration, mailbox: Mailbox) {
        self.registration = registration
        self.mailbox = mailbox
    }

    deinit {
        cancel()
    }

    /// Whether the broker has accepted the consumer, and all that it has sent since is dealt with: whoever iterates has come
    /// for the next delivery, and there is none.
    public var isIdle: Bool { registration.buffer.isIdle }

    /// Ends the consumer. Deliveries not yet read go back to the queue; those handed out can still be settled.
    public func cancel() {
        let unread = registration.buffer.finish().map(\.id)
        mailbox.post(.cancel(registration.id, unread: unread))
    }

    /// Iterates over the deliveries.
    public func makeAsyncIterator() -> Iterator {
        Iterator(consumer: self)
    }

    /// Iterates over the deliveries of a consumer, and keeps it alive.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let consumer: AMQPConsumer

        /// Waits for a delivery; `nil` when the consumer has ended or the task is cancelled.
        public mutating func next() async -> AMQPDelivery? {
            await consumer.registration.buffer.next()
        }

        /// Waits for a delivery; `nil` when the consumer has ended or the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> AMQPDelivery? {
            await consumer.registration.buffer.next()
        }
    }
}
