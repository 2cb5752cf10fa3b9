/// A request for one message of a queue.
struct GetRequest {
    let deadline: ContinuousClock.Instant
    let reply: Reply<AMQPDelivery?>
}

/// The channel on which single messages of one queue are taken. Each queue has its own, so that asking for one that
/// does not exist, which closes the channel, gives nothing back that was taken from another. Requests go out without waiting
/// for the answers to earlier ones: the broker answers in their order.
final class GetChannel: DeliveryChannel {
    /// Requests on their way at a time.
    private static let maximumUnderway = 64

    let queue: String
    let ledger: DeliveryLedger
    private let port: ChannelPort
    private let work: PendingWork
    private var isOpen = false
    private var underway: [GetRequest] = []

    init(queue: String, port: ChannelPort, incarnation: UInt64, work: PendingWork) {
        self.queue = queue
        self.port = port
        self.work = work
        ledger = DeliveryLedger(incarnation: incarnation, port: port)
    }

    /// When the first request on its way is given up.
    var deadline: ContinuousClock.Instant? {
        underway.first { !$0.reply.isComplete }?.deadline
    }

    /// Whether nobody needs it now.
    var isIdle: Bool {
        isOpen && underway.isEmpty && ledger.isSettled && !work.hasGetRequest(for: queue)
    }

    /// Sends the requests that wait.
    func advance() throws(AMQPError) {
        while isOpen, underway.count < Self.maximumUnderway, let request = work.nextGetRequest(for: queue) {
            underway.append(request)
            try port.send(.get(queue: queue))
        }
    }

    /// Gives up requests on their way when their time is over. Should one still bring a message, that goes back.
    func expire(at now: ContinuousClock.Instant) {
        for request in underway where request.deadline <= now {
            request.reply.complete(.failure(.noAnswer))
        }
    }

    func receive(_ method: InboundMethod) throws(AMQPError) {
        switch method {
        case .channelOpened: isOpen = true
        case .nothingToGet: takeFirst()?.reply.complete(.success(nil))
        default: throw .unexpected(method)
        }
        try advance()
    }

    func receive(_ content: InboundContent) throws(AMQPError) {
        guard case .got(let envelope) = content.method, let request = takeFirst() else {
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
        while let request = takeFirst() { request.reply.complete(.failure(error)) }
    }

    private func takeFirst() -> GetRequest? {
        underway.isEmpty ? nil : underway.removeFirst()
    }
}
