import AddressSpace

/// What one look-up asks for.
struct LookupKey: Hashable, Sendable {
    let name: String
    let families: Set<AddressFamily>
    var source = NameSource.hostsFileFirst
}

/// Tells a look-up from later ones for the same name.
struct LookupID: Hashable {
    fileprivate let number: Int
}

/// Which names are being looked up, for whom, and which wait their turn. A name that is asked for again while it is
/// being looked up, or waits, is not asked twice. Time is what callers say it is.
struct LookupTable<Waiter: AnyObject> {
    typealias Instant = ContinuousClock.Instant

    private struct Lookup {
        let key: LookupKey
        var waiters: [Waiter] = []
        var isStarted = false
        var isSlow = false
        var answers: [AddressFamily: Resolution] = [:]
    }

    /// A look-up that is over.
    struct Ended {
        let waiters: [Waiter]
        let resolution: Resolution
    }

    private let limits: LookupLimits
    private var ids: [LookupKey: LookupID] = [:]
    private var lookups: [LookupID: Lookup] = [:]
    private var lastNumber = 0
    private var started = 0
    private var slow = 0
    /// Two stacks that make a queue. Look-ups that were given up are skipped when taken.
    private var incoming: [LookupID] = []
    private var outgoing: [LookupID] = []
    /// Look-ups under way, in the order in which they become slow, and the slow ones, in which they are given up. Those
    /// that have ended are skipped when taken.
    private var prompt = Timeline<LookupID>()
    private var overdue = Timeline<LookupID>()

    init(limits: LookupLimits) {
        self.limits = limits
    }

    private var isWaiting: Bool { !(incoming.isEmpty && outgoing.isEmpty) }
    private var mayStart: Bool { started - slow < limits.concurrent && started < LookupLimits.mostAtATime }

    /// Whether `next(at:)` would have something to start.
    var canStart: Bool { isWaiting && mayStart }

    /// When time alone changes something: a look-up is to be given up, or makes room for another.
    var nextChange: Instant? {
        [overdue.next, isWaiting && started < LookupLimits.mostAtATime ? prompt.next : nil].compactMap(\.self).min()
    }

    func contains(_ id: LookupID) -> Bool { lookups[id] != nil }

    mutating func add(_ waiter: Waiter, for key: LookupKey) {
        lookups[id(of: key)]?.waiters.append(waiter)
    }

    /// Takes a waiter out. A look-up that nobody waits for any more is not started; one that is started goes on.
    mutating func remove(_ waiter: Waiter, for key: LookupKey) {
        guard let id = ids[key], var lookup = lookups[id] else { return }
        lookup.waiters.removeAll { $0 === waiter }
        lookups[id] = lookup
        if lookup.waiters.isEmpty && !lookup.isStarted {
            lookups[id] = nil
            ids[key] = nil
        }
    }

    /// The next name to look up, unless there are enough under way.
    mutating func next(at now: Instant) -> (id: LookupID, key: LookupKey)? {
        noteSlowOnes(at: now)
        while canStart {
            if outgoing.isEmpty {
                outgoing = incoming.reversed()
                incoming.removeAll(keepingCapacity: true)
            }
            guard let id = outgoing.popLast(), let key = lookups[id]?.key else { continue }
            lookups[id]?.isStarted = true
            started += 1
            prompt.append(id, due: now + limits.slowAfter)
            return (id, key)
        }
        return nil
    }

    /// Notes the answer for one family. With the last one the look-up is over: its waiters and the result.
    mutating func record(_ answer: Resolution, for id: LookupID, family: AddressFamily) -> Ended? {
        guard let families = lookups[id]?.key.families else { return nil }
        lookups[id]?.answers[family] = answer
        return lookups[id]?.answers.count == families.count ? end(id) : nil
    }

    /// Ends a look-up that has had its time, if there is one, with `answer` for the families that have none.
    mutating func giveUp(at now: Instant, as answer: Resolution) -> Ended? {
        noteSlowOnes(at: now)
        while let id = overdue.popFirst(dueBy: now)?.element {
            guard let families = lookups[id]?.key.families else { continue }
            lookups[id]?.answers.merge(families.map { ($0, answer) }) { given, _ in given }
            return end(id)
        }
        return nil
    }

    /// Forgets everything and returns all waiters.
    mutating func removeAll() -> [Waiter] {
        defer { self = LookupTable(limits: limits) }
        return lookups.values.flatMap(\.waiters)
    }

    private mutating func id(of key: LookupKey) -> LookupID {
        if let id = ids[key] { return id }
        lastNumber += 1
        let id = LookupID(number: lastNumber)
        ids[key] = id
        lookups[id] = Lookup(key: key)
        incoming.append(id)
        return id
    }

    private mutating func noteSlowOnes(at now: Instant) {
        while let (id, due) = prompt.popFirst(dueBy: now) {
            guard lookups[id] != nil else { continue }
            lookups[id]?.isSlow = true
            slow += 1
            overdue.append(id, due: due - limits.slowAfter + limits.patience)
        }
    }

    private mutating func end(_ id: LookupID) -> Ended? {
        guard let lookup = lookups.removeValue(forKey: id) else { return nil }
        ids[lookup.key] = nil
        started -= 1
        slow -= lookup.isSlow ? 1 : 0
        if started == 0 {
            prompt.removeAll()
            overdue.removeAll()
        }
        let answers = AddressFamily.allCases.compactMap { lookup.answers[$0] }
        return Ended(waiters: lookup.waiters, resolution: Resolution(combining: answers))
    }
}
