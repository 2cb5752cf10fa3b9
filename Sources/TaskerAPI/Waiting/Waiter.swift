import Synchronization

/// One request that waits. A signal that comes between two waits is kept for the next.
final class Waiter: Sendable {
    private let state = Mutex(StateMachine<CheckedContinuation<Void, Never>>())

    /// Ends the wait, or the next one.
    func signal() {
        perform(state.withLock { $0.signal() })
    }

    /// Waits for a signal, but not beyond a point in time.
    func wait<C: Clock>(until deadline: C.Instant, clock: C) async where C.Duration == Duration {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.signalled() }
            group.addTask { try? await clock.sleep(until: deadline, tolerance: nil) }
            await group.next()
            group.cancelAll()
        }
    }

    private func signalled() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                perform(state.withLock { $0.wait(continuation, isCancelled: Task.isCancelled) })
            }
        } onCancel: {
            perform(state.withLock { $0.cancel() })
        }
    }

    private func perform(_ action: StateMachine<CheckedContinuation<Void, Never>>.Action) {
        switch action {
        case .none: break
        case .resume(let continuation): continuation.resume()
        }
    }
}
