import Synchronization

/// A value that comes later, for one who waits. The first value given counts.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case initial
        case waiting(CheckedContinuation<Value, Never>)
        case completed(Value)
    }

    private let state = Mutex(State.initial)

    /// Waits for the value. Called once.
    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value: Value? = state.withLock { state in
                switch state {
                case .initial:
                    state = .waiting(continuation)
                    return nil
                case .waiting:
                    preconditionFailure("a promise has one waiter")
                case .completed(let value):
                    return value
                }
            }
            if let value {
                continuation.resume(returning: value)
            }
        }
    }

    /// Gives the value, unless there is one.
    func complete(with value: Value) {
        let waiter: CheckedContinuation<Value, Never>? = state.withLock { state in
            switch state {
            case .initial:
                state = .completed(value)
                return nil
            case .waiting(let waiter):
                state = .completed(value)
                return waiter
            case .completed:
                return nil
            }
        }
        waiter?.resume(returning: value)
    }
}
