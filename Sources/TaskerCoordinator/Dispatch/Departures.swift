/// Batches that were begun and are not yet with the broker.
actor Departures {
    private var last = 0
    private var open: Set<Int> = []
    private var waiting: [(latest: Int, continuation: CheckedContinuation<Void, Never>)] = []

    /// A batch is about to be chosen.
    ///
    /// - Returns: what ``end(_:)`` is to be told, once the batch is with the broker or there is none.
    func begin() -> Int {
        last += 1
        open.insert(last)
        return last
    }

    /// How many wait for batches to end.
    var waiters: Int { waiting.count }

    func end(_ departure: Int) {
        open.remove(departure)
        let isAway = { [open] (latest: Int) in open.allSatisfy { $0 > latest } }
        let done = waiting.filter { isAway($0.latest) }
        waiting.removeAll { isAway($0.latest) }
        for waiter in done { waiter.continuation.resume() }
    }

    /// Returns once all batches have ended that began before; later ones do not matter.
    func waitForEarlier() async {
        guard !open.isEmpty else { return }
        await withCheckedContinuation { waiting.append((last, $0)) }
    }
}
