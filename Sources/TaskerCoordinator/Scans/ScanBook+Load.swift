extension ScanBook {
    /// How much there is to do, in all scans together.
    struct Load: Sendable {
        var scans: [CoordinatorMetrics.ScanStanding: Int] = [:]
        var pending = 0
        var inFlight = 0
        var parked = 0
        /// Targets not in flight that nothing but room and workers keeps from being dispatched.
        var backlog = 0
        /// Places in the windows that are taken.
        var places = WindowPlaces()
    }

    /// O(scans).
    var load: Load {
        var load = Load()
        load.places = taken
        for backlog in backlogs.values {
            load.scans[backlog.standing, default: 0] += 1
            guard backlog.standing != .stopping else {
                load.inFlight += backlog.tasks.count
                continue
            }
            let parked = backlog.tasks.parkedCount
            load.pending += backlog.pending
            load.parked += parked
            load.inFlight += backlog.tasks.count - parked
            let isHeldBack = projects[backlog.entry.project]?.isHeldBack ?? false
            if backlog.standing == .running, !isHeldBack { load.backlog += backlog.pending + parked }
        }
        return load
    }
}

extension ScanBacklog {
    fileprivate var standing: CoordinatorMetrics.ScanStanding {
        if isStopping { return .stopping }
        if entry.plan == nil { return .planning }
        return isPaused ? .paused : .running
    }
}
