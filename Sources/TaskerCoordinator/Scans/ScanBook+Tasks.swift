import Foundation
import ScanModel
import ScanStore

/// The life of tasks.
extension ScanBook {
    /// Redis holds these claims; the rest of the batch is not this leader's to send.
    func claimed(_ claims: [Claim], of id: ScanID, cursor: Int) {
        let now = now()
        backlogs[id]?.advance(to: cursor)
        for claim in claims {
            let state: TaskState =
                switch claim.source {
                case .fresh, .ready, .parked: .claimed
                case .passedOver: .parked
                }
            set(ScanEntry.Task(reference: claim.task, state: state, since: now), of: claim.task.target, in: id)
        }
    }

    /// The task a Celery id names, if it is with the broker or a worker.
    func task(_ id: UUID) -> TaskReference? { tasksByID[id] }

    /// How far a target's task has come, if it is the target's current one.
    func current(_ task: TaskReference) -> ScanEntry.Task? {
        guard let known = backlogs[task.scan]?.tasks[task.target], known.reference == task else { return nil }
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
        replace(task, by: ScanEntry.Task(reference: next, state: .ready, since: now()))
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

    /// Puts a scan right by what Redis says of it. Whatever has changed here since Redis was asked stays as it is here.
    ///
    /// - Parameter known: the scan before Redis was asked.
    func correct(_ known: ScanBacklog, by course: ActiveScan.Course) {
        let id = known.entry.id
        guard let backlog = backlogs[id], backlog.entry === known.entry else { return }
        backlogs[id]?.correct(by: course, since: known)
        for target in Set(course.tasks.keys).union(backlog.tasks.targets)
        where backlog.mayCorrect(target, since: known) {
            let (old, found) = (backlog.tasks[target], course.tasks[target])
            guard (old?.reference, old?.state) != (found?.task, found?.state) else { continue }
            set(found.map { corrected(old, by: $0) }, of: target, in: id)
        }
        givePlacesUp(of: id)
        forgetIfSettled(id)
    }

    /// Puts a target right by what Redis says of it, if the book has not moved on since it was asked.
    ///
    /// - Parameter found: the target's current task in Redis; nil where the target is neither in flight nor parked.
    func correct(_ task: TaskReference, known: ScanEntry.Task, found: ActiveScan.Task?) {
        guard let current = current(task), current.state == known.state else { return }
        replace(task, by: found.map { corrected(known, by: $0) })
        forgetIfSettled(task.scan)
    }

    private func corrected(_ known: ScanEntry.Task?, by found: ActiveScan.Task) -> ScanEntry.Task {
        ScanEntry.Task(found, known: known, now: now(), unixMilliseconds: UnixTime.milliseconds)
    }

    /// Tasks that are with the broker or with a worker, or being imported.
    var outstanding: [ScanEntry.Task] {
        backlogs.values.flatMap { $0.tasks.all.filter(\.state.isOutstanding) }
    }

    /// Tasks of these scans whose messages are with the broker, or may be.
    func outstandingWithBroker(of ids: some Sequence<ScanID>) -> [TaskReference] {
        ids.compactMap { backlogs[$0] }.flatMap { backlog in
            backlog.tasks.all.filter { $0.state == .claimed || $0.state == .queued }.map(\.reference)
        }
    }

    private func advance(_ task: TaskReference, to state: TaskState, worker: String? = nil) {
        guard let known = current(task) else { return }
        let next = ScanEntry.Task(reference: task, state: state, since: now(), worker: worker ?? known.worker)
        replace(task, by: next)
    }

    private func replace(_ task: TaskReference, by next: ScanEntry.Task?) {
        guard current(task) != nil else { return }
        set(next, of: task.target, in: task.scan)
    }
}
