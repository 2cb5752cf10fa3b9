import ScanModel

extension ScanBook {
    /// How many fresh targets are looked at for each one that may be dispatched, where networks have no room.
    private static let lookAhead = 4

    /// The next tasks to dispatch, of one scan; nil where there is none.
    ///
    /// Projects take turns, and within a project the scans go by priority, then by age. What is between the phases goes
    /// first and needs no room in the window, for it kept its place; then what waits for another attempt, then fresh targets.
    func nextBatch(windows: DispatchWindows, atMost limit: Int) -> DispatchBatch? {
        defer { admission.endChoice() }
        let taken = taken
        repeat {
            for project in turns.members {
                let batch = nextBatch(of: project, windows: windows, taken: taken, atMost: limit)
                if let batch { return batch }
            }
        } while admission.takePassedOn()
        return nil
    }

    private func nextBatch(
        of project: ProjectID,
        windows: DispatchWindows,
        taken: WindowPlaces,
        atMost limit: Int
    ) -> DispatchBatch? {
        guard projects[project]?.isHeldBack == false else {
            turns.forfeit(project)
            return nil
        }
        lineUp(project)
        let most = min(limit, turns.allowance(of: project))
        var lacksRoom = false
        for chaining in PhaseChaining.allCases {
            let scans = scans(of: project, chainedBy: chaining)
            let room = DispatchWindow.room(
                in: windows[chaining],
                inFlight: taken[chaining],
                own: projects[project]?.taken[chaining] ?? 0
            )
            let batch =
                nextPlaced(of: scans, atMost: most)
                ?? nextBegun(of: scans, atMost: min(most, room))
                ?? nextFirst(of: scans, atMost: min(most, room), lookAhead: limit * Self.lookAhead)
            if let batch {
                turns.spend(batch.dispatches, by: project)
                return batch
            }
            // Where there are no workers at all, others need not wait for its turn.
            let isFull = room <= 0 && windows[chaining] > 0
            if isFull, scans.contains(where: { backlogs[$0]?.wantsRoom == true }) { lacksRoom = true }
        }
        if !lacksRoom { turns.forfeit(project) }
        return nil
    }

    private func scans(of project: ProjectID, chainedBy chaining: PhaseChaining) -> [ScanID] {
        (projects[project]?.scans ?? []).filter { backlogs[$0]?.chaining == chaining }
    }

    /// When the next parked target is due that was not due when the last batch was chosen; nil where there is none.
    var nextDue: ContinuousClock.Instant? {
        projects.values.lazy.filter { !$0.isHeldBack }.flatMap(\.scans).compactMap { self.nextDue(of: $0) }.min()
    }

    private func nextDue(of id: ScanID) -> ContinuousClock.Instant? {
        backlogs[id]?.isHeld == false ? backlogs[id]?.tasks.nextDue() : nil
    }

    private func lineUp(_ project: ProjectID) {
        let now = now()
        for id in projects[project]?.scans ?? [] { backlogs[id]?.lineUp(dueAt: now, admission: &admission) }
    }

    private func nextPlaced(of scans: [ScanID], atMost limit: Int) -> DispatchBatch? {
        for id in scans {
            if let batch = backlogs[id]?.nextPlaced(atMost: limit, admission: &admission) { return batch }
        }
        return nil
    }

    private func nextBegun(of scans: [ScanID], atMost limit: Int) -> DispatchBatch? {
        for id in scans {
            if let batch = backlogs[id]?.nextBegun(atMost: limit, admission: &admission) { return batch }
        }
        return nil
    }

    private func nextFirst(of scans: [ScanID], atMost limit: Int, lookAhead: Int) -> DispatchBatch? {
        for id in scans {
            let batch = backlogs[id]?.nextFirst(atMost: limit, lookAhead: lookAhead, admission: &admission)
            if let batch { return batch }
        }
        return nil
    }
}
