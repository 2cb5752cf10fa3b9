import Foundation

/// Takes tasks away from the broker and from workers, and finds out whether they are gone.
struct Revocation: Sendable {
    let queues: QueueSweep
    let workers: RemoteControl
    let census: WorkerCensus

    /// Tasks that a worker may still run or begin, each with the nodes it was seen at.
    typealias Suspects = [UUID: Set<String>]

    private let clock = ContinuousClock()

    /// Tries until none of the tasks can be anywhere any more, or the time is up.
    ///
    /// - Returns: those that may still be somewhere.
    func run(_ tasks: Set<UUID>, atMost time: Duration) async -> Suspects {
        var remaining = Dictionary(uniqueKeysWithValues: tasks.map { ($0, Set<String>()) })
        let deadline = clock.now + time
        var backoff = Backoff(base: .milliseconds(50), cap: .seconds(1))
        while !remaining.isEmpty, clock.now < deadline, !Task.isCancelled {
            remaining = await attempt(Set(remaining.keys))
            if remaining.isEmpty { break }
            try? await Task.sleep(for: backoff.next())
        }
        return remaining
    }

    private func attempt(_ tasks: Set<UUID>) async -> Suspects {
        // The broadcast first: a message that slips from the queue to a worker between the two is refused there. And the
        // workers last, for a message that was published twice may be in both places.
        let isTold = await workers.revoke(Array(tasks))
        let swept = await queues.remove(tasks)
        let traces = await census.traces(of: tasks, waitingAtMost: .seconds(1))
        let suspects = if isTold, let swept { traces.suspects(among: tasks, swept: swept) } else { tasks }
        return Dictionary(uniqueKeysWithValues: suspects.map { ($0, traces.seen[$0] ?? []) })
    }
}
