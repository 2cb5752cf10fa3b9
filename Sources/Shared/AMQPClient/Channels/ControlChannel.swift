/// The channel for declarations and questions about queues: one request at a time, so that a refusal, which closes the
/// channel, meets the request that caused it and no other.
final class ControlChannel: BrokerChannel {
    private let port: ChannelPort
    private let work: PendingWork
    private var isOpen = false
    private var current: ControlOperation?

    init(port: ChannelPort, work: PendingWork) {
        self.port = port
        self.work = work
    }

    /// When the request on its way is given up.
    var deadline: ContinuousClock.Instant? {
        current.flatMap { $0.isComplete ? nil : $0.deadline }
    }

    /// Sends the next request when none is on its way.
    func advance() throws(AMQPError) {
        while isOpen, current == nil, let operation = work.nextOperation() {
            if let step = operation.nextStep() {
                current = operation
                try port.send(step)
            } else {
                operation.complete(.success(.done))
            }
        }
    }

    /// Gives up the request on its way when its time is over. Its answer is still awaited, and then ignored.
    func expire(at now: ContinuousClock.Instant) {
        if let deadline, deadline <= now {
            current?.complete(.failure(.noAnswer))
        }
    }

    func receive(_ method: InboundMethod) throws(AMQPError) {
        switch method {
        case .channelOpened: isOpen = true
        case .done: try finishStep(.done)
        case .queueDeclared(let messages, let consumers):
            try finishStep(.queue(AMQPQueueDepth(messages: messages, consumers: consumers)))
        case .messagesRemoved(let count): try finishStep(.messagesRemoved(count))
        default: throw .unexpected(method)
        }
        try advance()
    }

    func receive(_ content: InboundContent) throws(AMQPError) {
        throw .unexpected(content.method)
    }

    func end(_ error: AMQPError) {
        current?.complete(.failure(error))
        current = nil
    }

    private func finishStep(_ answer: ControlOperation.Answer) throws(AMQPError) {
        guard let operation = current else { throw .unexpected(answer) }
        if let step = operation.nextStep() {
            try port.send(step)
        } else {
            operation.complete(.success(answer))
            current = nil
        }
    }
}

extension AMQPError {
    static let noAnswer = AMQPError(code: .timedOut, message: "the broker has not answered in time")
}
