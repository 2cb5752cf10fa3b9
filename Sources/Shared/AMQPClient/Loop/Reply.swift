import Synchronization

/// The answer to one request, awaited by its caller and given at most once by the connection's thread.
///
/// One that is dropped without an answer fails with ``AMQPError/Code/closed``, so that no caller waits for ever.
final class Reply<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, AMQPError>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, AMQPError>, Never>) {
        self.continuation = Mutex(continuation)
    }

    deinit {
        complete(.failure(.connectionClosed))
    }

    /// Whether the answer has been given.
    var isComplete: Bool {
        continuation.withLock { $0 == nil }
    }

    /// Gives the answer; the first one counts.
    func complete(_ result: Result<Value, AMQPError>) {
        continuation.withLock { $0.take() }?.resume(returning: result)
    }
}

extension AMQPError {
    static let connectionClosed = AMQPError(code: .closed, message: "the connection was shut down")
}
