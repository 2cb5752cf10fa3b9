import AddressSpace
import ScanModel
import ScanStore

/// What the leader knows of one scan.
struct ScanEntry: Sendable {
    /// A target's current task.
    struct Task: Sendable {
        let reference: TaskReference
        var state: TaskState
        /// When it came into this state; for a parked task, when its next attempt is due.
        var since: ContinuousClock.Instant
        var worker: String?

        init(reference: TaskReference, state: TaskState, since: ContinuousClock.Instant, worker: String? = nil) {
            self.reference = reference
            self.state = state
            self.since = since
            self.worker = worker
        }

        /// A task as Redis has it. Redis keeps wall-clock times, which only tell when a parked task is due; how long an
        /// unchanged task is in its state is known better here.
        init(_ task: ActiveScan.Task, known: Task?, now: ContinuousClock.Instant, unixMilliseconds: Int) {
            let since =
                if task.state == .parked {
                    now + .milliseconds(max(0, task.since - unixMilliseconds))
                } else if let known, known.reference == task.task, known.state == task.state {
                    known.since
                } else {
                    now
                }
            self.init(reference: task.task, state: task.state, since: since, worker: task.worker)
        }
    }

    let id: ScanID
    let project: ProjectID
    let request: ScanRequest
    /// Nil while planning.
    let plan: Plan?
    /// How many positions of the dispatch order were walked.
    var cursor: Int
    var isStopping: Bool
    /// Grows with each change.
    var version = 0
    /// The tasks of targets in flight or parked, by target.
    var tasks: [Int: Task]

    private let order: KeyedPermutation?

    init(_ scan: ActiveScan, known: ScanEntry?, now: ContinuousClock.Instant, unixMilliseconds: Int) {
        id = scan.id
        project = scan.project
        request = scan.request
        plan = scan.plan
        cursor = scan.cursor
        isStopping = scan.isStopRequested
        order = scan.plan.map { KeyedPermutation(count: UInt64($0.count), seed: $0.seed) }
        version = (known?.version ?? 0) + 1
        tasks = Dictionary(
            scan.tasks.map { task in
                let target = task.task.target
                let known = known?.tasks[target]
                return (target, Task(task, known: known, now: now, unixMilliseconds: unixMilliseconds))
            },
            uniquingKeysWith: { $1 }
        )
    }

    /// The targets without an outcome, as addresses. Exact unless more than `enumerationLimit` targets are on either side
    /// of the cursor; then all of the plan.
    var openTargets: AddressSet {
        guard let plan, let order else { return AddressSet() }
        let open = tasks.keys.map { AddressRange(plan.address(of: $0)) }
        func addresses(_ positions: Range<Int>) -> [AddressRange] {
            positions.map { AddressRange(plan.address(of: Int(order[UInt64($0)]))) }
        }
        if pending <= Self.enumerationLimit {
            return AddressSet(addresses(cursor..<plan.count) + open)
        }
        if cursor <= Self.enumerationLimit {
            return plan.targets.subtracting(AddressSet(addresses(0..<cursor))).union(AddressSet(open))
        }
        return plan.targets
    }

    private static let enumerationLimit = 65_536

    /// Targets never dispatched.
    var pending: Int { (plan?.count ?? 0) - cursor }

    /// Targets from their first dispatch until their outcome, the parked ones not counted.
    var inFlight: Int { tasks.values.count { $0.state != .parked } }

    var nextDue: ContinuousClock.Instant? {
        tasks.values.lazy.filter { $0.state == .parked }.map(\.since).min()
    }

    /// The next tasks of this scan; nil where there are none.
    func nextBatch(room: Int, atMost limit: Int, now: ContinuousClock.Instant) -> DispatchBatch? {
        guard let plan, let order, !isStopping else { return nil }
        var claims: [Claim] = []
        for task in tasks.values where claims.count < limit {
            if task.state == .ready {
                claims.append(Claim(task: task.reference, source: .ready))
            } else if task.state == .parked, task.since <= now {
                claims.append(Claim(task: task.reference, source: .parked))
            }
        }
        let fresh = max(0, min(room, limit - claims.count, plan.count - cursor))
        for position in cursor..<(cursor + fresh) {
            let target = Int(order[UInt64(position)])
            let task = TaskReference(scan: id, target: target, phase: .openPorts, attempt: 1)
            claims.append(Claim(task: task, source: .fresh))
        }
        guard !claims.isEmpty else { return nil }
        return DispatchBatch(
            scan: id,
            project: project,
            request: request,
            plan: plan,
            claims: claims,
            cursorBefore: cursor,
            cursorAfter: cursor + fresh
        )
    }
}

/// Tasks of one scan that are to be claimed and published together.
struct DispatchBatch: Sendable {
    let scan: ScanID
    let project: ProjectID
    let request: ScanRequest
    let plan: Plan
    let claims: [Claim]
    let cursorBefore: Int
    let cursorAfter: Int
}

extension TaskState {
    /// The task is with the broker or with a worker, or may be.
    var isOutstanding: Bool {
        switch self {
        case .claimed, .queued, .started, .finishing: true
        case .ready, .parked: false
        }
    }
}
