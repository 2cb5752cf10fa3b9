/// The channel of one consumer, with its own prefetch.
final class ConsumerChannel: DeliveryChannel {
    private enum Phase {
        case opening, settingPrefetch, subscribing, consuming, cancelRequested, cancelling, cancelled
    }

    let registration: ConsumerRegistration
    let ledger: DeliveryLedger
    private let port: ChannelPort
    private var phase = Phase.opening

    /// The consumer's name on its channel, where it is the only one.
    private static let tag = "consumer"

    init(registration: ConsumerRegistration, port: ChannelPort, incarnation: UInt64) {
        self.registration = registration
        self.port = port
        ledger = DeliveryLedger(incarnation: incarnation, port: port)
    }

    /// Whether the broker has accepted the consumer.
    var isConsuming: Bool { phase == .consuming }

    /// Whether there will be no more deliveries.
    var isCancelled: Bool { phase == .cancelled }

    /// Whether there will be no more deliveries, and nothing is left to settle.
    var isOver: Bool { isCancelled && ledger.isSettled }

    /// Asks for no more deliveries. Those that have come can still be settled.
    func cancel() {
        switch phase {
        case .opening, .settingPrefetch: phase = .cancelled
        case .subscribing, .consuming: phase = .cancelRequested
        case .cancelRequested, .cancelling, .cancelled: break
        }
    }

    /// Sends what a cancellation has left to send.
    func advance() throws(AMQPError) {
        if phase == .cancelRequested {
            phase = .cancelling
            try port.send(.cancel(consumerTag: Self.tag))
        }
        try ledger.flush()
    }

    func receive(_ method: InboundMethod) throws(AMQPError) {
        switch (phase, method) {
        case (.opening, .channelOpened):
            phase = .settingPrefetch
            try port.send(.setPrefetch(registration.prefetch))
        case (.settingPrefetch, .done):
            phase = .subscribing
            try port.send(.consume(queue: registration.queue, consumerTag: Self.tag))
        case (.subscribing, .consuming):
            phase = .consuming
            registration.buffer.setFed(true)
        case (.cancelling, .cancelConfirmed), (_, .cancelled):
            phase = .cancelled
            registration.buffer.setFed(false)
        case (.cancelling, .consuming), (.cancelled, _):
            break
        default:
            throw .unexpected(method)
        }
    }

    func receive(_ content: InboundContent) throws(AMQPError) {
        guard case .delivered(let envelope) = content.method else { throw .unexpected(content.method) }
        let delivery = ledger.take(content, envelope, from: registration.queue)
        if !registration.buffer.push(delivery) {
            ledger.settle(envelope.tag, .rejected(requeue: true))
            try ledger.flush()
        }
    }

    func end(_ error: AMQPError) {
        registration.buffer.setFed(false)
        registration.buffer.discardAll()
    }
}
