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
    private var scans: [ScanID: ScanEntry] = [:]
    /// Which task a Celery id belongs to, for all tasks that are with the broker or with workers.
    private var tasksByID: [UUID: TaskReference] = [:]
    /// Projects in the order of their turns.
    private var turns: [ProjectID] = []
    private let clock = ContinuousClock()

    // MARK: Scans

    /// Takes a scan in as Redis has it. What is known of an unchanged task, such as since when it runs, is kept.
    ///
    /// - Parameter version: the entry's version before Redis was read; where it has moved on meanwhile, nothing is done.
    /// - Returns: false where the snapshot is out of date.
    @discardableResult
    func adopt(_ scan: ActiveScan, ifAt version: Int? = nil) -> Bool {
        let known = scans[scan.id]
        if let version, known?.version != version { return false }
        forget(scan.id)
        let entry = ScanEntry(scan, known: known, now: clock.now, unixMilliseconds: UnixTime.milliseconds)
        scans[scan.id] = entry
        for task in entry.tasks.values where task.state.isOutstanding {
            tasksByID[task.reference.taskID] = task.reference
        }
        if !turns.contains(scan.project) { turns.append(scan.project) }
        return true
    }

    func forget(_ id: ScanID) {
        guard let entry = scans.removeValue(forKey: id) else { return }
        for task in entry.tasks.values { tasksByID[task.reference.taskID] = nil }
        if !scans.values.contains(where: { $0.project == entry.project }) { turns.removeAll { $0 == entry.project } }
    }

    func entry(_ id: ScanID) -> ScanEntry? { scans[id] }

    func entries(of project: ProjectID) -> [ScanEntry] {
        scans.values.filter { $0.project == project }.sorted { $0.id < $1.id }
    }

    var activeProjects: Set<ProjectID> { Set(scans.values.map(\.project)) }

    /// No task of these scans is chosen from here on.
    func beginStop(of ids: [ScanID]) {
        for id in ids { change(id) { $0.isStopping = true } }
    }

    /// Tasks of these scans that have no outcome yet.
    func openTasks(of ids: [ScanID]) -> Int {
        ids.reduce(0) { $0 + (scans[$1]?.tasks.count ?? 0) }
    }

    /// Redis gave these tasks up; results of theirs are unknown from here on.
    func stopped(_ id: ScanID, _ result: StopResult) {
        guard let entry = scans[id] else { return }
        for task in entry.tasks.values where task.state != .finishing { tasksByID[task.reference.taskID] = nil }
        let now = clock.now
        change(id) { entry in
            entry.tasks = entry.tasks.filter { $0.value.state == .finishing }
            for task in result.inBetween where entry.tasks[task.target] == nil {
                entry.tasks[task.target] = ScanEntry.Task(reference: task, state: .ready, since: now)
            }
            entry.cursor = entry.plan?.count ?? 0
            entry.isStopping = true
        }
        forgetIfSettled(id)
    }

    // MARK: Choosing

    /// The next tasks to dispatch, of one scan; nil where there is none.
    ///
    /// Projects take turns, and within a project the scans in the order of their acceptance. What is between the phases and
    /// what waits for another attempt goes before fresh targets; only those need room in the window.
    func nextBatch(room: Int, atMost limit: Int) -> DispatchBatch? {
        for _ in turns.indices {
            let project = turns.removeFirst()
            turns.append(project)
            for entry in entries(of: project) {
                if let batch = entry.nextBatch(room: room, atMost: limit, now: clock.now) { return batch }
            }
        }
        return nil
    }

    /// How many targets are in flight.
    var inFlight: Int { scans.values.reduce(0) { $0 + $1.inFlight } }

    /// When the next parked target is due; nil where none is parked.
    var nextDue: ContinuousClock.Instant? {
        scans.values.compactMap { $0.nextDue }.min()
    }

    // MARK: Task life

    /// Redis holds these claims; the rest of the batch is not this leader's to send.
    func claimed(_ tasks: [TaskReference], of id: ScanID, cursor: Int) {
        let now = clock.now
        change(id) { entry in
            entry.cursor = cursor
            for task in tasks {
                entry.tasks[task.target] = ScanEntry.Task(reference: task, state: .claimed, since: now)
            }
        }
        guard scans[id] != nil else { return }
        for task in tasks { tasksByID[task.taskID] = task }
    }

    /// The task a Celery id names, if it is with the broker or a worker.
    func task(_ id: UUID) -> TaskReference? { tasksByID[id] }

    /// How far a target's task has come, if it is the target's current one.
    func current(_ task: TaskReference) -> ScanEntry.Task? {
        guard let known = scans[task.scan]?.tasks[task.target], known.reference == task else { return nil }
        return known
    }

    func confirmed(_ tasks: [TaskReference]) {
        for task in tasks where current(task)?.state == .claimed { advance(task, to: .queued) }
    }

    func started(_ task: TaskReference, by worker: String) {
        guard let state = current(task)?.state, state == .claimed || state == .queued else { return }
        advance(task, to: .started, worker: worker)
    }

    func finishing(_ task: TaskReference) {
        advance(task, to: .finishing)
    }

    /// The target's services phase can be dispatched.
    func ready(after task: TaskReference) {
        let next = TaskReference(scan: task.scan, target: task.target, phase: .services, attempt: 1)
        replace(task, by: ScanEntry.Task(reference: next, state: .ready, since: clock.now))
    }

    func parked(_ parkings: [Parking], until due: ContinuousClock.Instant) {
        for parking in parkings {
            let task = parking.task
            let next = TaskReference(
                scan: task.scan,
                target: task.target,
                phase: task.phase,
                attempt: parking.nextAttempt
            )
            replace(task, by: ScanEntry.Task(reference: next, state: .parked, since: due))
        }
    }

    func settled(_ tasks: [TaskReference]) {
        for task in tasks { replace(task, by: nil) }
        for id in Set(tasks.map(\.scan)) { forgetIfSettled(id) }
    }

    /// Puts a target right by what Redis says of it, if the book has not moved on since it was asked.
    ///
    /// - Parameter found: the target's current task in Redis; nil where the target is neither in flight nor parked.
    func correct(_ task: TaskReference, known: ScanEntry.Task, found: ActiveScan.Task?) {
        guard let current = current(task), current.state == known.state else { return }
        let corrected = found.map {
            ScanEntry.Task($0, known: known, now: clock.now, unixMilliseconds: UnixTime.milliseconds)
        }
        replace(task, by: corrected)
        forgetIfSettled(task.scan)
    }

    /// Tasks that are with the broker or with a worker, or being imported.
    var outstanding: [ScanEntry.Task] {
        scans.values.flatMap { $0.tasks.values.filter(\.state.isOutstanding) }
    }

    /// Targets of scans being stopped whose first phase's findings are still to be imported.
    var stoppedInBetween: [TaskReference] {
        scans.values.filter(\.isStopping).flatMap { $0.tasks.values.filter { $0.state == .ready }.map(\.reference) }
    }

    private func advance(_ task: TaskReference, to state: TaskState, worker: String? = nil) {
        guard let known = current(task) else { return }
        let next = ScanEntry.Task(reference: task, state: state, since: clock.now, worker: worker ?? known.worker)
        replace(task, by: next)
    }

    private func replace(_ task: TaskReference, by next: ScanEntry.Task?) {
        guard current(task) != nil else { return }
        tasksByID[task.taskID] = nil
        change(task.scan) { $0.tasks[task.target] = next }
        if let next, next.state.isOutstanding { tasksByID[next.reference.taskID] = next.reference }
    }

    private func change(_ id: ScanID, _ body: (inout ScanEntry) -> Void) {
        guard var entry = scans.removeValue(forKey: id) else { return }
        body(&entry)
        entry.version += 1
        scans[id] = entry
    }

    private func forgetIfSettled(_ id: ScanID) {
        guard let entry = scans[id], entry.plan != nil || entry.isStopping, entry.tasks.isEmpty, entry.pending == 0
        else {
            return
        }
        forget(id)
    }
}
