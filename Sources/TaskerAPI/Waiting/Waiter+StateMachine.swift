extension Waiter {
    /// Whether somebody waits, and whether there was a signal that nobody waited for.
    struct StateMachine<Continuation> {
        private enum State {
            case idle
            case signalled
            case waiting(Continuation)
        }

        /// What to do, outside the lock.
        enum Action {
            case none
            case resume(Continuation)
        }

        private var state = State.idle

        /// Somebody begins to wait. A signal from before ends the wait at once, and is used up.
        mutating func wait(_ continuation: Continuation, isCancelled: Bool) -> Action {
            switch state {
            case .idle:
                guard !isCancelled else { return .resume(continuation) }
                state = .waiting(continuation)
                return .none
            case .signalled:
                state = .idle
                return .resume(continuation)
            case .waiting: preconditionFailure("a waiter waits for one thing at a time")
            }
        }

        /// There is something to be read.
        mutating func signal() -> Action {
            switch state {
            case .idle, .signalled:
                state = .signalled
                return .none
            case .waiting(let continuation):
                state = .idle
                return .resume(continuation)
            }
        }

        /// The wait is given up.
        mutating func cancel() -> Action {
            switch state {
            case .idle, .signalled: return .none
            case .waiting(let continuation):
                state = .idle
                return .resume(continuation)
            }
        }
    }
}
