import AddressSpace
import ScanModel
import ScanStore

/// What is left to do of one scan: the targets behind the cursor, and those in flight or parked.
struct ScanBacklog: Sendable {
    let entry: ScanEntry
    /// How many positions of the dispatch order were walked.
    private(set) var cursor: Int
    private(set) var isStopping: Bool
    private(set) var isPaused: Bool
    /// Grows with each change.
    private(set) var version: Int
    /// Changed through this backlog's methods, but for the lines within.
    var tasks = ScanTasks()

    /// A backlog as Redis has it.
    ///
    /// - Parameter known: what was known of it before.
    init(
        _ scan: ActiveScan,
        known: ScanBacklog?,
        now: ContinuousClock.Instant,
        unixMilliseconds: Int
    ) {
        entry = ScanEntry(scan)
        cursor = scan.cursor
        isStopping = scan.isStopRequested
        isPaused = scan.isPaused
        version = (known?.version ?? 0) + 1
        for task in scan.tasks {
            let target = task.task.target
            let known = known?.tasks[target]
            set(ScanEntry.Task(task, known: known, now: now, unixMilliseconds: unixMilliseconds), of: target)
        }
    }

    /// Nothing of it is dispatched.
    var isHeld: Bool { isStopping || isPaused || entry.plan == nil }

    /// Targets never chosen.
    var pending: Int { (entry.plan?.count ?? 0) - cursor }

    var isSettled: Bool { (entry.plan != nil || isStopping) && tasks.count == 0 && pending == 0 }

    /// The targets without an outcome, as addresses. O(ranges + 65,536), whatever the size of the plan.
    var openTargets: AddressSet {
        guard let plan = entry.plan, let order = entry.order else { return AddressSet() }
        let pending = plan.targets.subset(at: order.remaining(from: UInt64(cursor)))
        return pending.union(AddressSet(tasks.targets.map { AddressRange(plan.address(of: $0)) }))
    }

    mutating func set(_ task: ScanEntry.Task?, of target: Int) {
        version += 1
        var task = task
        if isHeld, task?.state == .ready { task?.hasPlace = false }
        tasks.set(task, of: target)
    }

    mutating func advance(to cursor: Int) {
        version += 1
        self.cursor = cursor
    }

    mutating func pause(_ isPaused: Bool) {
        version += 1
        self.isPaused = isPaused
    }

    /// Nothing is chosen from here on.
    mutating func stop() {
        version += 1
        isStopping = true
    }
}
