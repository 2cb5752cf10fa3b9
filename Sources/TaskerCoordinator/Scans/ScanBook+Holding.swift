import ScanModel
import ScanStore

/// Pause and stop, and projects whose results only wait.
extension ScanBook {
    /// Whether nothing more of a project is dispatched because its results are not imported.
    func holdBack(_ project: ProjectID, _ isHeldBack: Bool) {
        projects[project]?.isHeldBack = isHeldBack
    }

    /// Of these scans of a project no task is chosen until they are resumed; its other scans go on.
    func pace(paused: Set<ScanID>, of project: ProjectID) {
        // Also where nothing changes: a snapshot from before may say otherwise, and is out of date.
        for id in projects[project]?.scans ?? [] {
            backlogs[id]?.pause(paused.contains(id))
            givePlacesUp(of: id)
        }
    }

    func isPaused(_ id: ScanID) -> Bool { backlogs[id]?.isPaused ?? false }

    /// No task of these scans is chosen from here on.
    func beginStop(of ids: [ScanID]) {
        for id in ids {
            backlogs[id]?.stop()
            givePlacesUp(of: id)
        }
    }

    /// Redis gave these tasks up; results of theirs are unknown from here on.
    func stopped(_ id: ScanID, _ result: StopResult) {
        guard let backlog = backlogs[id] else { return }
        let now = now()
        backlogs[id]?.stop()
        backlogs[id]?.advance(to: backlog.entry.plan?.count ?? 0)
        let kept = Set(result.inBetween)
        for task in backlog.tasks.all {
            set(task.stopped(isKept: kept.contains(task.reference), at: now), of: task.reference.target, in: id)
        }
        for task in result.inBetween where backlogs[id]?.tasks[task.target] == nil {
            set(TargetLife(reference: task, state: .ready, since: now), of: task.target, in: id)
        }
        forgetIfSettled(id)
    }

    /// Targets of scans being stopped whose first phase's findings are still to be imported.
    var stoppedInBetween: [TaskReference] {
        backlogs.values.filter(\.isStopping).flatMap { $0.tasks.all.filter { $0.state == .ready }.map(\.reference) }
    }

    /// Targets between the phases of a scan that is held up take no room from others.
    func givePlacesUp(of id: ScanID) {
        guard let backlog = backlogs[id], backlog.isHeld else { return }
        for task in backlog.tasks.all where task.state == .ready && task.hasPlace {
            set(task, of: task.reference.target, in: id)
        }
    }
}
