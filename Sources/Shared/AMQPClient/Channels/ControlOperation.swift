/// A request made of methods that are sent one after the other, each after the answer to the one before.
final class ControlOperation {
    /// What the last method was answered with.
    enum Answer {
        case done
        case queue(AMQPQueueDepth)
        case messagesRemoved(Int)

        /// The depth, if the question was for one.
        var depth: AMQPQueueDepth? {
            if case .queue(let depth) = self { depth } else { nil }
        }

        /// The number of messages removed, if some were to be.
        var removed: Int? {
            if case .messagesRemoved(let count) = self { count } else { nil }
        }
    }

    /// When it is given up; `nil` for never.
    let deadline: ContinuousClock.Instant?
    private var steps: ArraySlice<OutboundMethod>
    private var completion: ((Result<Answer, AMQPError>) -> Void)?

    init(
        _ steps: [OutboundMethod],
        deadline: ContinuousClock.Instant?,
        completion: @escaping (Result<Answer, AMQPError>) -> Void
    ) {
        self.steps = steps[...]
        self.deadline = deadline
        self.completion = completion
    }

    /// Whether it has been answered, perhaps because its time was over.
    var isComplete: Bool { completion == nil }

    /// The next method to send, if any is left.
    func nextStep() -> OutboundMethod? {
        steps.popFirst()
    }

    /// Answers the request; the first answer counts.
    func complete(_ result: Result<Answer, AMQPError>) {
        completion?(result)
        completion = nil
    }
}
