import AddressSpace
import Foundation
import ScanModel
import ScanStore

/// The leader's memory of the scans that have not ended: what Redis says, in the form that choosing the next task needs.
///
/// Redis is the truth and is written first; the book follows. A new leader fills it from Redis. Its methods never suspend,
/// so each is one step.
actor ScanBook {
    private var scans: [ScanID: ScanEntry] = [:]
    /// Which task a Celery id belongs to, for all tasks that are with the broker or with workers.
    private var tasksByID: [UUID: TaskReference] = [:]
    /// Projects in the order of their turns.
    private var turns: [ProjectID] = []
    private let clock = ContinuousClock()

    // MARK: Scans

    /// Takes a scan in as Redis has it; replaces what was known of it.
    func adopt(_ scan: ActiveScan) {
        forget(scan.id)
        let entry = ScanEntry(scan, now: clock.now)
        scans[scan.id] = entry
        for task in entry.tasks.values where task.state.isOutstanding {
            tasksByID[task.reference.taskID] = task.reference
        }
        if !turns.contains(scan.project) { turns.append(scan.project) }
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

    var allEntries: [ScanEntry] { scans.values.sorted { $0.id < $1.id } }

    var activeProjects: Set<ProjectID> { Set(scans.values.map(\.project)) }

    /// No task of these scans is chosen from here on.
    func beginStop(of ids: [ScanID]) {
        for id in ids { scans[id]?.isStopping = true }
    }

    /// Tasks of these scans that have no outcome yet.
    func openTasks(of ids: [ScanID]) -> Int {
        ids.reduce(0) { $0 + (scans[$1]?.tasks.count ?? 0) }
    }

    /// Redis gave these tasks up; results of theirs are unknown from here on.
    func stopped(_ id: ScanID, _ result: StopResult) {
        guard var entry = scans[id] else { return }
        for task in entry.tasks.values where task.state != .finishing { tasksByID[task.reference.taskID] = nil }
        entry.tasks = entry.tasks.filter { $0.value.state == .finishing }
        for task in result.inBetween {
            entry.tasks[task.target] = ScanEntry.Task(reference: task, state: .ready, since: clock.now)
        }
        entry.cursor = entry.plan?.count ?? 0
        entry.isStopping = true
        scans[id] = entry
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
        scans[id]?.cursor = cursor
        for task in tasks {
            set(task, .claimed)
            tasksByID[task.taskID] = task
        }
    }

    /// The task a Celery id names, if it is with the broker or a worker.
    func task(_ id: UUID) -> TaskReference? { tasksByID[id] }

    func confirmed(_ tasks: [TaskReference]) {
        for task in tasks where current(task)?.state == .claimed { set(task, .queued) }
    }

    func started(_ task: TaskReference, by worker: String) {
        guard let state = current(task)?.state, state == .claimed || state == .queued else { return }
        set(task, .started)
        scans[task.scan]?.tasks[task.target]?.worker = worker
    }

    /// The target's services phase can be dispatched.
    func ready(after task: TaskReference) {
        tasksByID[task.taskID] = nil
        let next = TaskReference(scan: task.scan, target: task.target, phase: .services, attempt: 1)
        set(next, .ready)
    }

    func parked(_ parkings: [Parking], until due: ContinuousClock.Instant) {
        for parking in parkings {
            let task = parking.task
            tasksByID[task.taskID] = nil
            let next = TaskReference(
                scan: task.scan,
                target: task.target,
                phase: task.phase,
                attempt: parking.nextAttempt
            )
            set(next, .parked)
            scans[task.scan]?.tasks[task.target]?.since = due
        }
    }

    func finishing(_ task: TaskReference) { set(task, .finishing) }

    func settled(_ tasks: [TaskReference]) {
        for task in tasks {
            tasksByID[task.taskID] = nil
            scans[task.scan]?.tasks[task.target] = nil
        }
        for id in Set(tasks.map(\.scan)) { forgetIfSettled(id) }
    }

    /// Tasks that are with the broker or with a worker.
    var outstanding: [ScanEntry.Task] {
        scans.values.flatMap { $0.tasks.values.filter(\.state.isOutstanding) }
    }

    private func current(_ task: TaskReference) -> ScanEntry.Task? {
        guard let known = scans[task.scan]?.tasks[task.target], known.reference == task else { return nil }
        return known
    }

    private func set(_ task: TaskReference, _ state: TaskState) {
        let worker = scans[task.scan]?.tasks[task.target]?.worker
        scans[task.scan]?.tasks[task.target] = ScanEntry.Task(
            reference: task,
            state: state,
            since: clock.now,
            worker: worker
        )
    }

    private func forgetIfSettled(_ id: ScanID) {
        guard let entry = scans[id], entry.plan != nil || entry.isStopping, entry.tasks.isEmpty, entry.pending == 0
        else {
            return
        }
        forget(id)
    }
}
