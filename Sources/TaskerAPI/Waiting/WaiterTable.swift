import Synchronization

/// All requests of this replica that wait, by what they wait for.
final class WaiterTable: Sendable {
    private struct State {
        var waiters: [Topic: [ObjectIdentifier: Waiter]] = [:]
        var count = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// A new waiter; nil where there are as many as there may be.
    func add(for topic: Topic) -> Waiter? {
        let waiter = Waiter()
        return state.withLock { state in
            guard state.count < limit else { return nil }
            state.count += 1
            state.waiters[topic, default: [:]][ObjectIdentifier(waiter)] = waiter
            return waiter
        }
    }

    func remove(_ waiter: Waiter, for topic: Topic) {
        state.withLock { state in
            guard state.waiters[topic]?.removeValue(forKey: ObjectIdentifier(waiter)) != nil else { return }
            state.count -= 1
            if state.waiters[topic]?.isEmpty == true { state.waiters[topic] = nil }
        }
    }

    func signal(_ topic: Topic) {
        for waiter in state.withLock({ Array(($0.waiters[topic] ?? [:]).values) }) { waiter.signal() }
    }

    func signalAll() {
        for waiter in state.withLock({ $0.waiters.values.flatMap(\.values) }) { waiter.signal() }
    }

    var count: Int { state.withLock { $0.count } }
}
