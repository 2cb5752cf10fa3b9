import Synchronization

/// Deliveries between the connection's thread and the task that iterates over a consumer.
///
/// Holds no more than the consumer's prefetch: the broker sends none beyond that before some are settled.
final class DeliveryBuffer: Sendable {
    private struct State {
        var deliveries = FIFO<AMQPDelivery>()
        var waiter: CheckedContinuation<AMQPDelivery?, Never>?
        var isFed = false
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Whether the broker feeds this, the reader has come for the next delivery, and there is none.
    var isIdle: Bool { state.withLock { $0.isFed && $0.waiter != nil } }

    /// Notes whether the broker feeds this now.
    func setFed(_ isFed: Bool) {
        state.withLock { $0.isFed = isFed }
    }

    /// Adds a delivery; `false` when the consumer has ended.
    func push(_ delivery: AMQPDelivery) -> Bool {
        let (isAccepted, waiter) = state.withLock { state in
            guard !state.isFinished else { return (false, nil as CheckedContinuation<AMQPDelivery?, Never>?) }
            let waiter = state.waiter.take()
            if waiter == nil { state.deliveries.append(delivery) }
            return (true, waiter)
        }
        waiter?.resume(returning: delivery)
        return isAccepted
    }

    /// Waits for the next delivery; `nil` when the consumer has ended or the task is cancelled.
    func next() async -> AMQPDelivery? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate: AMQPDelivery?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let delivery = state.deliveries.popFirst() { return delivery }
                    if state.isFinished { return .some(nil) }
                    precondition(state.waiter == nil, "a consumer is iterated over by one task")
                    state.waiter = continuation
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            state.withLock { $0.waiter.take() }?.resume(returning: nil)
        }
    }

    /// Drops what has not been read, because its channel is gone and the broker delivers it again.
    func discardAll() {
        state.withLock { _ = $0.deliveries.removeAll() }
    }

    /// Ends the consumer; returns what has not been read.
    func finish() -> [AMQPDelivery] {
        let (unread, waiter) = state.withLock { state in
            state.isFinished = true
            return (state.deliveries.removeAll(), state.waiter.take())
        }
        waiter?.resume(returning: nil)
        return unread
    }
}
