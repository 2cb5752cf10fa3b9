import AddressSpace
import ScanModel
import ScanStore

/// What the leader knows of one scan that stays as it is while targets come and go. Shared, because requests and plans take
/// long to copy.
final class ScanEntry: Sendable {
    let id: ScanID
    let project: ProjectID
    let request: ScanRequest
    /// Nil while planning.
    let plan: Plan?
    /// The order in which the plan's targets are dispatched.
    let order: DispatchOrder?

    init(_ scan: ActiveScan) {
        id = scan.id
        project = scan.project
        request = scan.request
        plan = scan.plan
        order = scan.plan.map { DispatchOrder(count: UInt64($0.count), seed: $0.seed) }
    }

    /// The order in which scans of a project are dispatched: by priority, then by age.
    func goesBefore(_ other: ScanEntry) -> Bool {
        (other.request.priority, id) < (request.priority, other.id)
    }
}

extension ScanEntry {
    /// A target's current task.
    struct Task: Sendable {
        let reference: TaskReference
        let state: TaskState
        /// When it came into this state; for a parked task, when its next attempt is due.
        let since: ContinuousClock.Instant
        let worker: String?
        /// It takes a place in the window and in its network: from its dispatch until it is parked or has its outcome, but
        /// not between the phases of a scan that is held up.
        var hasPlace: Bool

        init(reference: TaskReference, state: TaskState, since: ContinuousClock.Instant, worker: String? = nil) {
            self.reference = reference
            self.state = state
            self.since = since
            self.worker = worker
            hasPlace = state != .parked
        }

        /// A task as Redis has it. Redis keeps wall-clock times, which only tell when a parked task is due; how long an
        /// unchanged task is in its state is known better here. Between the phases a target keeps the place it is known to
        /// have; a new leader gives it one when it is dispatched.
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
            if state == .ready { hasPlace = known?.hasPlace ?? false }
        }

        /// The task, where its message is with the broker or with a worker, or may be.
        var outstandingReference: TaskReference? { state.isOutstanding ? reference : nil }

        /// No worker had it yet, so it goes after what was begun, as a fresh target does.
        var isFirst: Bool { state == .parked && reference.phase == .openPorts && reference.attempt == 1 }
    }
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
