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
            set(TargetLife(reference: claim.task, state: state, since: now), of: claim.task.target, in: id)
        }
    }

    /// The task a Celery id names, if it is with the broker or a worker.
    func task(_ id: UUID) -> TaskReference? { tasksByID[id] }

    /// How far a target's task has come, if it is the target's current one.
    func current(_ task: TaskReference) -> TargetLife? {
        guard let known = backlogs[task.scan]?.tasks[task.target], known.reference == task else { return nil }
        return known
    }

    func confirmed(_ tasks: [TaskReference]) {
        for task in tasks { change(task) { $0.confirmed(at: now()) } }
    }

    func started(_ task: TaskReference) {
        change(task) { $0.started(at: now()) }
    }

    func finishing(_ task: TaskReference) {
        change(task) { $0.finishing(at: now()) }
    }

    /// The target's services phase can be dispatched.
    func ready(after task: TaskReference) {
        change(task) { $0.ready(at: now()) }
    }

    func parked(_ parkings: [Parking], until due: ContinuousClock.Instant) {
        for parking in parkings { change(parking.task) { $0.parked(attempt: parking.nextAttempt, until: due) } }
    }

    func settled(_ tasks: [TaskReference]) {
        for task in tasks { replace(task, by: nil) }
        for id in Set(tasks.map(\.scan)) { forgetIfSettled(id) }
    }

    /// Notes what became of an attempt: why it failed, or nil.
    ///
    /// - Returns: the reason for which half of the scan's last attempts failed, if there is one.
    func record(_ failure: FailureReason?, of id: ScanID) -> FailureReason? {
        backlogs[id]?.recent.record(failure)
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
    func correct(_ task: TaskReference, known: TargetLife, found: ActiveScan.Task?) {
        guard let current = current(task), current.state == known.state else { return }
        replace(task, by: found.map { corrected(known, by: $0) })
        forgetIfSettled(task.scan)
    }

    private func corrected(_ known: TargetLife?, by found: ActiveScan.Task) -> TargetLife {
        TargetLife(found, known: known, now: now(), unixMilliseconds: UnixTime.milliseconds)
    }

    /// Tasks that are with the broker or with a worker, or being imported.
    func outstanding(chainedBy chaining: PhaseChaining) -> [TargetLife] {
        backlogs.values.filter { $0.chaining == chaining }.flatMap { $0.tasks.all.filter(\.state.isOutstanding) }
    }

    /// Tasks of single phases of which nothing was heard for a while.
    var quietTasks: [TargetLife] {
        let now = now()
        return outstanding(chainedBy: .coordinator).filter { $0.isQuiet(at: now) }
    }

    /// Somebody looked for tasks.
    ///
    /// - Parameter sightings: the tasks as they were before the look. Of those that have moved on meanwhile it says nothing.
    /// - Returns: what is to be done about those that need anything.
    func looked(
        for sightings: [(TargetLife, TargetLife.Sighting)]
    ) -> [(TaskReference, TargetLife.SearchAction)] {
        let now = now()
        return sightings.compactMap { known, sighting in
            let task = known.reference
            guard var life = current(task), life == known, let backlog = backlogs[task.scan] else { return nil }
            let limit = TaskLife.of(backlog.entry.request, chainedBy: .coordinator)
            let action = life.looked(sighting, at: now, limit: limit, isPaused: backlog.isPaused)
            if life != known { set(life, of: task.target, in: task.scan) }
            return action == .wait ? nil : (task, action)
        }
    }

    /// Tasks of these scans whose messages are with the broker, or may be.
    func outstandingWithBroker(of ids: some Sequence<ScanID>) -> [TaskReference] {
        ids.compactMap { backlogs[$0] }.flatMap { backlog in
            backlog.tasks.all.filter { $0.state == .claimed || $0.state == .queued }.map(\.reference)
        }
    }

    private func change(_ task: TaskReference, _ step: (inout TargetLife) -> Void) {
        guard let known = current(task) else { return }
        var life = known
        step(&life)
        if life != known { set(life, of: task.target, in: task.scan) }
    }

    private func replace(_ task: TaskReference, by next: TargetLife?) {
        guard current(task) != nil else { return }
        set(next, of: task.target, in: task.scan)
    }
}
