/// What became of a message handed to ``AMQPConnection/publish(_:)``.
public enum PublishOutcome: Hashable, Sendable {
    /// The broker has taken responsibility for the message.
    case confirmed
    /// The message is mandatory and reached no queue (code 312); the broker has dropped it.
    case returned(code: UInt16, text: String)
    /// The broker has refused the message (`basic.nack`), for instance because a queue is full.
    case refused
    /// The message was sent, and no answer came: the broker may have it or not.
    case uncertain(reason: String)
    /// The message was not sent.
    case notSent(reason: String)
}
