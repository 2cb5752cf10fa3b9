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
    }

    let id: ScanID
    let project: ProjectID
    let request: ScanRequest
    /// Nil while planning.
    let plan: Plan?
    /// How many positions of the dispatch order were walked.
    var cursor: Int
    var isStopping: Bool
    /// The tasks of targets in flight or parked, by target.
    var tasks: [Int: Task]

    private let order: KeyedPermutation?

    init(_ scan: ActiveScan, now: ContinuousClock.Instant) {
        id = scan.id
        project = scan.project
        request = scan.request
        plan = scan.plan
        cursor = scan.cursor
        isStopping = scan.isStopRequested
        order = scan.plan.map { KeyedPermutation(count: UInt64($0.count), seed: $0.seed) }
        tasks = Dictionary(
            uniqueKeysWithValues: scan.tasks.map {
                ($0.task.target, Task(reference: $0.task, state: $0.state, since: now, worker: $0.worker))
            }
        )
    }

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
