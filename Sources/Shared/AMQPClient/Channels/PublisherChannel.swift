import AMQPMessages

/// The channel in confirm mode that all messages are published on.
final class PublisherChannel: BrokerChannel {
    /// Messages sent before incoming frames are looked at again.
    private static let burst = 256

    private let port: ChannelPort
    private let work: PendingWork
    private let limit: Int
    private var tracker = ConfirmTracker<PublishTicket>()

    /// Whether the broker confirms what is sent.
    private(set) var isReady = false

    init(port: ChannelPort, work: PendingWork, maximumUnconfirmed: Int) {
        self.port = port
        self.work = work
        limit = maximumUnconfirmed
    }

    /// When the oldest unconfirmed message was sent.
    var oldestUnconfirmed: ContinuousClock.Instant? { tracker.oldest }

    /// Whether there is a message to send and room for it.
    var wantsToSend: Bool {
        isReady && tracker.count < limit && work.hasUnsentMessages
    }

    /// Sends waiting messages, as many as the broker and the socket take without waiting.
    func advance(at now: ContinuousClock.Instant) throws(AMQPError) {
        guard wantsToSend else { return }
        defer { port.link.encoder.recycle() }
        for _ in 0..<Self.burst {
            guard tracker.count < limit, work.hasUnsentMessages, port.link.isWritable,
                let ticket = work.nextMessage()
            else { return }
            let message = ticket.message
            if let problem = WireLimits.problem(with: message, frameSize: port.link.frameSize) {
                ticket.resolve(.notSent(reason: problem))
                continue
            }
            tracker.sent(message, ticket: ticket, at: now)
            try port.link.publish(message, on: port.number)
        }
    }

    /// Gives up messages sent before an instant and not confirmed.
    func expire(sentBefore instant: ContinuousClock.Instant) {
        guard let oldestUnconfirmed, oldestUnconfirmed < instant else { return }
        resolve(tracker.expire(sentBefore: instant, reason: "the broker has not confirmed in time"))
    }

    func receive(_ method: InboundMethod) throws(AMQPError) {
        switch method {
        case .channelOpened: try port.send(.selectConfirms)
        case .confirmsSelected: isReady = true
        case .acknowledged(let tag, let multiple): resolve(tracker.acknowledged(tag: tag, multiple: multiple))
        case .refused(let tag, let multiple): resolve(tracker.refused(tag: tag, multiple: multiple))
        default: throw .unexpected(method)
        }
    }

    func receive(_ content: InboundContent) throws(AMQPError) {
        guard case .returned(let code, let text, let exchange, let routingKey) = content.method else {
            throw .unexpected(content.method)
        }
        let message = AMQPMessage(
            exchange: exchange,
            routingKey: routingKey,
            properties: content.properties,
            body: content.body
        )
        tracker.returned(code: code, text: text, message: message)
    }

    func end(_ error: AMQPError) {
        isReady = false
        resolve(tracker.abandon(reason: error.description))
    }

    private func resolve(_ resolutions: [ConfirmTracker<PublishTicket>.Resolution]) {
        for resolution in resolutions {
            resolution.ticket.resolve(resolution.outcome)
        }
    }
}
