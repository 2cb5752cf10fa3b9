import DequeModule
import HeapModule
import ScanModel

/// The targets of one scan in flight or parked, each with its current task, and what choosing among them needs: counts,
/// queues, and the parked ones by the time they are due. Nothing here costs a walk through all of them.
///
/// Queues hold tickets. A target that changes gets another ticket, and what is left of the old one is dropped where it is
/// met.
struct ScanTasks: Sendable {
    /// A target as it was when it got in line.
    struct Ticket: Hashable, Sendable {
        let target: Int
        fileprivate let number: Int
    }

    /// What waits to be chosen.
    enum Queue: Hashable, Sendable {
        /// Targets between the phases that kept their place in the window.
        case placed
        /// Targets that were begun and have no place: due retries, and what was between the phases while it could not go on.
        case begun
        /// Due targets that no worker had yet.
        case first
    }

    private struct Row {
        let task: TargetLife
        let ticket: Ticket
    }

    private struct Due: Comparable {
        let time: ContinuousClock.Instant
        let ticket: Ticket

        static func < (left: Due, right: Due) -> Bool { left.time < right.time }
        static func == (left: Due, right: Due) -> Bool { left.time == right.time }
    }

    private(set) var parkedCount = 0

    private var rows: [Int: Row] = [:]
    private var lastNumber = 0
    private var placed: Deque<Ticket> = []
    private var begun: Deque<Ticket> = []
    private var first: Deque<Ticket> = []
    private var parked: Heap<Due> = []

    var count: Int { rows.count }
    var targets: some Collection<Int> { rows.keys }
    var all: some Collection<TargetLife> { rows.values.lazy.map(\.task) }

    subscript(target: Int) -> TargetLife? { rows[target]?.task }

    /// Changes a target's task; the only place where that happens.
    mutating func set(_ task: TargetLife?, of target: Int) {
        lastNumber += 1
        let ticket = Ticket(target: target, number: lastNumber)
        if rows[target]?.task.state == .parked { parkedCount -= 1 }
        rows[target] = task.map { Row(task: $0, ticket: ticket) }
        guard let task else { return }
        switch task.state {
        case .ready:
            join(ticket, as: task)
        case .parked:
            parkedCount += 1
            parked.insert(Due(time: task.since, ticket: ticket))
        case .claimed, .queued, .started, .finishing: break
        }
    }

    /// Whether a target has not changed since these were copied.
    func isUnchanged(_ target: Int, since earlier: ScanTasks) -> Bool {
        rows[target]?.ticket == earlier.rows[target]?.ticket
    }

    // MARK: Lines

    /// When the next parked target is due that is not in line yet.
    mutating func nextDue() -> ContinuousClock.Instant? {
        while let due = parked.min {
            if task(of: due.ticket) != nil { return due.time }
            parked.removeMin()
        }
        return nil
    }

    /// Lets parked targets whose time has come get in line.
    mutating func lineUp(dueAt now: ContinuousClock.Instant) {
        while let due = parked.min, due.time <= now {
            parked.removeMin()
            lineUp(due.ticket)
        }
    }

    /// Lets a target that waited for something get in line again.
    mutating func lineUp(_ ticket: Ticket) {
        if let task = task(of: ticket) { join(ticket, as: task) }
    }

    private mutating func join(_ ticket: Ticket, as task: TargetLife) {
        if task.hasPlace {
            placed.append(ticket)
        } else if task.isFirst {
            first.append(ticket)
        } else {
            begun.append(ticket)
        }
    }

    /// Whether anybody may be in a line; some may have gone meanwhile.
    func isEmpty(_ queue: Queue) -> Bool {
        switch queue {
        case .placed: placed.isEmpty
        case .begun: begun.isEmpty
        case .first: first.isEmpty
        }
    }

    mutating func removeFirst(of queue: Queue) -> Ticket? {
        switch queue {
        case .placed: placed.popFirst()
        case .begun: begun.popFirst()
        case .first: first.popFirst()
        }
    }

    /// Gives the heads of a line their places back, in the same order.
    mutating func putBack(_ tickets: [Ticket], to queue: Queue) {
        switch queue {
        case .placed: placed.prepend(contentsOf: tickets)
        case .begun: begun.prepend(contentsOf: tickets)
        case .first: first.prepend(contentsOf: tickets)
        }
    }

    /// The task that a ticket stands for; nil where the target has changed since.
    func task(of ticket: Ticket) -> TargetLife? {
        guard let row = rows[ticket.target], row.ticket == ticket else { return nil }
        return row.task
    }
}
