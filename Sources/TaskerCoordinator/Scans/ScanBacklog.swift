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
    /// Who chains its phases; nil until that was decided. Never changes afterwards.
    private(set) var chaining: PhaseChaining?
    /// Grows with each pause and resume, also with one that changes nothing.
    private(set) var paceVersion = 0
    /// What became of its last attempts, since it was last resumed.
    var recent = RecentAttempts()
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
        if let known { recent = known.recent }
        chaining = scan.chaining
        for task in scan.tasks {
            let target = task.task.target
            let known = known?.tasks[target]
            set(TargetLife(task, known: known, now: now, unixMilliseconds: unixMilliseconds), of: target)
        }
    }

    /// Nothing of it is dispatched.
    var isHeld: Bool { isStopping || isPaused || entry.plan == nil || chaining == nil }

    /// Targets never chosen.
    var pending: Int { (entry.plan?.count ?? 0) - cursor }

    var isSettled: Bool { (entry.plan != nil || isStopping) && tasks.count == 0 && pending == 0 }

    /// The targets without an outcome, as addresses. O(ranges + 65,536), whatever the size of the plan.
    var openTargets: AddressSet {
        guard let plan = entry.plan, let order = entry.order else { return AddressSet() }
        let pending = plan.targets.subset(at: order.remaining(from: UInt64(cursor)))
        return pending.union(AddressSet(tasks.targets.map { AddressRange(plan.address(of: $0)) }))
    }

    mutating func set(_ task: TargetLife?, of target: Int) {
        var task = task
        if isHeld, task?.state == .ready { task?.hasPlace = false }
        tasks.set(task, of: target)
    }

    mutating func advance(to cursor: Int) {
        self.cursor = cursor
    }

    mutating func pause(_ isPaused: Bool) {
        paceVersion += 1
        if self.isPaused, !isPaused { recent = RecentAttempts() }
        self.isPaused = isPaused
    }

    mutating func chain(by chaining: PhaseChaining) {
        self.chaining = self.chaining ?? chaining
    }

    /// Nothing is chosen from here on.
    mutating func stop() {
        isStopping = true
    }

    /// Takes over from Redis how far the scan has come and whether it is held up, but for what has changed here meanwhile.
    ///
    /// - Parameter earlier: this backlog before Redis was asked.
    mutating func correct(by course: ActiveScan.Course, since earlier: ScanBacklog) {
        if cursor == earlier.cursor { cursor = course.cursor }
        if paceVersion == earlier.paceVersion { isPaused = course.isPaused }
        if course.isStopRequested { isStopping = true }
    }

    /// Whether what Redis said of a target is news: neither has the target changed here meanwhile, nor may it have come and
    /// gone.
    ///
    /// - Parameter earlier: this backlog before Redis was asked.
    func mayCorrect(_ target: Int, since earlier: ScanBacklog) -> Bool {
        guard tasks.isUnchanged(target, since: earlier.tasks) else { return false }
        return tasks[target] != nil || cursor == earlier.cursor
    }
}
