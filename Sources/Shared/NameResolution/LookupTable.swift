import AddressSpace

/// What one look-up asks for.
struct LookupKey: Hashable, Sendable {
    let name: String
    let families: Set<AddressFamily>
}

/// Which names are being looked up, for whom, and which wait their turn. A name that is asked for again while it is
/// being looked up, or waits, is not asked twice.
struct LookupTable<Waiter: AnyObject> {
    private struct Lookup {
        var waiters: [Waiter]
        var isStarted = false
        var answers: [AddressFamily: Resolution] = [:]
    }

    private let maximumConcurrent: Int
    private var lookups: [LookupKey: Lookup] = [:]
    private var started = 0
    /// Two stacks that make a queue. Keys whose look-up was given up or has been started are skipped when taken.
    private var incoming: [LookupKey] = []
    private var outgoing: [LookupKey] = []

    init(maximumConcurrent: Int) {
        self.maximumConcurrent = maximumConcurrent
    }

    /// Whether `next()` would have something to start.
    var canStart: Bool { started < maximumConcurrent && !(incoming.isEmpty && outgoing.isEmpty) }

    mutating func add(_ waiter: Waiter, for key: LookupKey) {
        if lookups[key] == nil {
            incoming.append(key)
        }
        lookups[key, default: Lookup(waiters: [])].waiters.append(waiter)
    }

    /// Takes a waiter out. A look-up that nobody waits for any more is not started; one that is started goes on.
    mutating func remove(_ waiter: Waiter, for key: LookupKey) {
        guard var lookup = lookups[key] else { return }
        lookup.waiters.removeAll { $0 === waiter }
        lookups[key] = lookup.waiters.isEmpty && !lookup.isStarted ? nil : lookup
    }

    /// The next name to look up, unless there are enough under way.
    mutating func next() -> LookupKey? {
        while canStart {
            if outgoing.isEmpty {
                outgoing = incoming.reversed()
                incoming.removeAll()
            }
            if let key = outgoing.popLast(), lookups[key]?.isStarted == false {
                lookups[key]?.isStarted = true
                started += 1
                return key
            }
        }
        return nil
    }

    /// Notes the answer for one family. With the last one the look-up is over: its waiters and the result.
    mutating func record(
        _ answer: Resolution,
        for key: LookupKey,
        family: AddressFamily
    ) -> (waiters: [Waiter], resolution: Resolution)? {
        guard var lookup = lookups[key] else { return nil }
        lookup.answers[family] = answer
        guard lookup.answers.count == key.families.count else {
            lookups[key] = lookup
            return nil
        }
        lookups[key] = nil
        started -= 1
        return (lookup.waiters, Resolution(combining: AddressFamily.allCases.compactMap { lookup.answers[$0] }))
    }

    /// Forgets everything and returns all waiters.
    mutating func removeAll() -> [Waiter] {
        defer { self = LookupTable(maximumConcurrent: maximumConcurrent) }
        return lookups.values.flatMap(\.waiters)
    }
}
