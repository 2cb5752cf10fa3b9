import NIOCore
import Synchronization

/// One or more commands sent in one piece, and the caller who waits for their result.
///
/// A small promise: whoever completes it first (the reply, the deadline, a lost connection, the caller's cancellation)
/// decides, and later completions are ignored. It stays in its ``CommandQueue`` until its replies came all the same.
final class PendingRequest: Sendable {
    /// The commands as they go over the wire.
    let bytes: [UInt8]
    /// How many replies belong to them.
    let replyCount: Int
    /// Whether the result is an array of the replies, server errors among them, rather than the one reply.
    let isBatch: Bool
    /// How long the caller waits in all.
    let timeout: TimeAmount
    /// When the caller waits no longer.
    let deadline: NIODeadline
    /// When the caller waits no longer for a connection.
    let connectionDeadline: NIODeadline

    private enum State {
        case initial
        case waiting(UnsafeContinuation<Result<RedisValue, RedisError>, Never>)
        case completed(Result<RedisValue, RedisError>)
    }

    private let state = Mutex(State.initial)

    init(
        bytes: [UInt8],
        replyCount: Int = 1,
        isBatch: Bool = false,
        timeout: TimeAmount,
        connectionWait: TimeAmount,
        now: NIODeadline
    ) {
        self.bytes = bytes
        self.replyCount = replyCount
        self.isBatch = isBatch
        self.timeout = timeout
        self.deadline = now + timeout
        self.connectionDeadline = now + min(timeout, connectionWait)
    }

    /// Whether nobody waits any more.
    var isCompleted: Bool {
        state.withLock { state in
            switch state {
            case .initial, .waiting: false
            case .completed: true
            }
        }
    }

    /// Waits for the result; to be called once. Cancelling the task ends the wait at once.
    func value() async throws(RedisError) -> RedisValue {
        let result = await withTaskCancellationHandler {
            // Unsafe is sound: the state machine below resumes a continuation exactly once, and checking costs an
            // allocation for each command.
            await withUnsafeContinuation { continuation in
                wait(continuation)
            }
        } onCancel: {
            complete(.failure(RedisError(code: .cancelled, message: "the task was cancelled")))
        }
        return try result.get()
    }

    /// Sets the result, unless there is one already.
    func complete(_ result: Result<RedisValue, RedisError>) {
        let continuation = state.withLock { state in
            switch state {
            case .initial:
                state = .completed(result)
                return nil as UnsafeContinuation<Result<RedisValue, RedisError>, Never>?
            case .waiting(let continuation):
                state = .completed(result)
                return continuation
            case .completed:
                return nil
            }
        }
        continuation?.resume(returning: result)
    }

    private func wait(_ continuation: UnsafeContinuation<Result<RedisValue, RedisError>, Never>) {
        let result = state.withLock { state in
            switch state {
            case .initial:
                state = .waiting(continuation)
                return nil as Result<RedisValue, RedisError>?
            case .waiting:
                preconditionFailure("a request has one caller")
            case .completed(let result):
                return result
            }
        }
        if let result {
            continuation.resume(returning: result)
        }
    }
}
