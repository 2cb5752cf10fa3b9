/// A request for one message of a queue.
struct GetRequest {
    let deadline: ContinuousClock.Instant
    let reply: Reply<AMQPDelivery?>
}

/// The channel on which single messages of one queue are taken. Each queue has its own, so that asking for one that
/// does not exist, which closes the channel, gives nothing back that was taken from another.
final class GetChannel: DeliveryChannel {
    let queue: String
    let ledger: DeliveryLedger
    private let port: ChannelPort
    private let work: PendingWork
    private var isOpen = false
    private var current: GetRequest?

    init(queue: String, port: ChannelPort, incarnation: UInt64, work: PendingWork) {
        self.queue = queue
        self.port = port
        self.work = work
        ledger = DeliveryLedger(incarnation: incarnation, port: port)
    }

    /// When the request on its way is given up.
    var deadline: ContinuousClock.Instant? {
        current.flatMap { $0.reply.isComplete ? nil : $0.deadline }
    }

    /// Whether nobody needs it now.
    var isIdle: Bool {
        isOpen && current == nil && ledger.isSettled && !work.hasGetRequest(for: queue)
    }

    /// Sends the next request when none is on its way.
    func advance() throws(AMQPError) {
        guard isOpen, current == nil, let request = work.nextGetRequest(for: queue) else { return }
        current = request
        try port.send(.get(queue: queue))
    }

    /// Gives up the request on its way when its time is over. Should it still bring a message, that goes back.
    func expire(at now: ContinuousClock.Instant) {
        if let deadline, deadline <= now {
            current?.reply.complete(.failure(.noAnswer))
        }
    }

    func receive(_ method: InboundMethod) throws(AMQPError) {
        switch method {
        case .channelOpened: isOpen = true
        case .nothingToGet: current.take()?.reply.complete(.success(nil))
        default: throw .unexpected(method)
        }
        try advance()
    }

    func receive(_ content: InboundContent) throws(AMQPError) {
        guard case .got(let envelope) = content.method, let request = current.take() else {
            throw .unexpected(content.method)
        }
        let delivery = ledger.take(content, envelope, from: queue)
        if request.reply.isComplete {
            ledger.settle(envelope.tag, .rejected(requeue: true))
            try ledger.flush()
        } else {
            request.reply.complete(.success(delivery))
        }
        try advance()
    }

    func end(_ error: AMQPError) {
        current.take()?.reply.complete(.failure(error))
    }
}
