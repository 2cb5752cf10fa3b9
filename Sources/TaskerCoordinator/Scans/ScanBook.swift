import AddressSpace
import Foundation
import ScanModel
import ScanStore

/// The leader's memory of the scans that have not ended: what Redis says, in the form that choosing the next task needs.
///
/// Redis is the truth and is written first; the book follows. A new leader fills it from Redis, and whatever Redis calls
/// stale is read again (`ScanRefresh`). Its methods never suspend, so each is one step; one about a task that is not its
/// target's current task changes nothing.
actor ScanBook {
    /// A project with scans that have not ended.
    struct Project: Sendable {
        /// Its scans, the next to be dispatched first: by priority, then by age.
        var scans: [ScanID] = []
        /// How many places in the windows its targets have.
        var taken = WindowPlaces()
        var places: Int { taken.total }
        /// Nothing more is dispatched, for its results only wait; what is in flight takes no room from other projects.
        var isHeldBack = false
    }

    var backlogs: [ScanID: ScanBacklog] = [:]
    var projects: [ProjectID: Project] = [:]
    /// Which task a Celery id belongs to, for all tasks that are with the broker or with workers.
    var tasksByID: [UUID: TaskReference] = [:]
    var turns = FairTurns<ProjectID>()
    var admission: Admission
    let now: @Sendable () -> ContinuousClock.Instant

    init(
        politeness: PolitenessLimits,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock().now }
    ) {
        admission = Admission(politeness)
        self.now = now
    }

    /// Takes a scan in as Redis has it. What is known of an unchanged task, such as since when it runs, is kept.
    func adopt(_ scan: ActiveScan) {
        let known = backlogs[scan.id]
        if let known { drop(known) }
        let backlog = ScanBacklog(scan, known: known, now: now(), unixMilliseconds: UnixTime.milliseconds)
        backlogs[scan.id] = backlog
        enlist(backlog.entry)
        for task in backlog.tasks.all { follow(from: nil, to: task, of: backlog) }
    }

    /// Takes a scan in that an earlier leader has left.
    func inherit(_ scan: ActiveScan) {
        adopt(scan)
        guard let tasks = backlogs[scan.id]?.tasks.all else { return }
        for var task in tasks {
            task.inherited()
            set(task, of: task.reference.target, in: scan.id)
        }
    }

    func forget(_ id: ScanID) {
        guard let backlog = backlogs.removeValue(forKey: id) else { return }
        drop(backlog)
        let project = backlog.entry.project
        projects[project]?.scans.removeAll { $0 == id }
        if projects[project]?.scans.isEmpty == true {
            projects[project] = nil
            turns.leave(project)
        }
    }

    func entry(_ id: ScanID) -> ScanEntry? { backlogs[id]?.entry }

    func entries(of project: ProjectID) -> [ScanEntry] {
        (projects[project]?.scans ?? []).sorted().compactMap { backlogs[$0]?.entry }
    }

    /// The targets of a scan without an outcome, as addresses.
    func openTargets(of id: ScanID) -> AddressSet { backlogs[id]?.openTargets ?? AddressSet() }

    /// How many targets have a place in the window, but for those of projects that are held back.
    var inFlight: Int { taken.total }

    /// The places in the windows that count.
    var taken: WindowPlaces {
        projects.values.reduce(into: WindowPlaces()) { if !$1.isHeldBack { $0.add($1.taken) } }
    }

    var activeProjects: Set<ProjectID> { Set(projects.keys) }

    /// The scans that have a plan.
    var plannedScans: [ScanID] { backlogs.values.filter { $0.entry.plan != nil }.map(\.entry.id) }

    /// Tasks of these scans that have no outcome yet.
    func openTasks(of ids: [ScanID]) -> Int {
        ids.reduce(0) { $0 + (backlogs[$1]?.tasks.count ?? 0) }
    }

    // MARK: Steps

    /// Changes a target's task, and with it whatever counts tasks.
    func set(_ task: TargetLife?, of target: Int, in id: ScanID) {
        let old = backlogs[id]?.tasks[target]
        backlogs[id]?.set(task, of: target)
        guard let backlog = backlogs[id] else { return }
        follow(from: old, to: backlog.tasks[target], of: backlog)
    }

    func forgetIfSettled(_ id: ScanID) {
        if backlogs[id]?.isSettled == true { forget(id) }
    }

    /// Keeps ids and places in step with the change of one target.
    private func follow(from old: TargetLife?, to new: TargetLife?, of backlog: ScanBacklog) {
        if old?.outstandingReference != new?.outstandingReference {
            if let task = old?.outstandingReference { tasksByID[task.taskID] = nil }
            if let task = new?.outstandingReference { tasksByID[task.taskID] = task }
        }
        let (had, has) = (old?.hasPlace ?? false, new?.hasPlace ?? false)
        guard had != has, let target = (new ?? old)?.reference.target, let plan = backlog.entry.plan else { return }
        projects[backlog.entry.project]?.taken[backlog.chaining ?? .coordinator] += has ? 1 : -1
        let address = plan.address(of: target)
        if has { admission.enter(address) } else { admission.leave(address) }
    }

    private func drop(_ backlog: ScanBacklog) {
        for task in backlog.tasks.all { follow(from: task, to: nil, of: backlog) }
        admission.forget(backlog.entry.id)
    }

    private func enlist(_ entry: ScanEntry) {
        turns.join(entry.project)
        var scans = (projects[entry.project]?.scans ?? []).compactMap { backlogs[$0]?.entry }
        if !scans.contains(where: { $0.id == entry.id }) { scans.append(entry) }
        projects[entry.project, default: Project()].scans = scans.sorted { $0.goesBefore($1) }.map(\.id)
    }
}
