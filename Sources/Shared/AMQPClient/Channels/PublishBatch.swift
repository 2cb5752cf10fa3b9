import AMQPMessages

/// The messages of one call of ``AMQPConnection/publish(_:)`` and what became of each.
final class PublishBatch {
    let messages: [AMQPMessage]
    /// When the messages not yet sent are given up.
    let deadline: ContinuousClock.Instant
    private var outcomes: [PublishOutcome?]
    private var unresolved: Int
    private let reply: Reply<[PublishOutcome]>

    /// The first message not yet sent.
    private var position = 0

    init(_ messages: [AMQPMessage], deadline: ContinuousClock.Instant, reply: Reply<[PublishOutcome]>) {
        self.messages = messages
        self.deadline = deadline
        self.reply = reply
        outcomes = Array(repeating: nil, count: messages.count)
        unresolved = messages.count
    }

    /// Whether no message is left to send.
    var isSent: Bool { position == messages.count }

    /// The next message to send, if any is left.
    func next() -> PublishTicket? {
        guard !isSent else { return nil }
        defer { position += 1 }
        return PublishTicket(batch: self, index: position)
    }

    /// Gives up the messages not yet sent.
    func abandonUnsent(reason: String) {
        while let ticket = next() {
            ticket.resolve(.notSent(reason: reason))
        }
    }

    fileprivate func resolve(_ index: Int, _ outcome: PublishOutcome) {
        precondition(outcomes[index] == nil, "a message has one outcome")
        outcomes[index] = outcome
        unresolved -= 1
        if unresolved == 0 {
            reply.complete(.success(outcomes.compactMap(\.self)))
        }
    }
}

/// One message of a batch.
struct PublishTicket {
    fileprivate let batch: PublishBatch
    fileprivate let index: Int

    var message: AMQPMessage { batch.messages[index] }

    func resolve(_ outcome: PublishOutcome) {
        batch.resolve(index, outcome)
    }
}
