import ScanModel

extension ScanBook {
    /// How many fresh targets are looked at for each one that may be dispatched, where networks have no room.
    private static let lookAhead = 4

    /// The next tasks to dispatch, of one scan; nil where there is none.
    ///
    /// Projects take turns, and within a project the scans go by priority, then by age. What is between the phases goes
    /// first and needs no room in the window, for it kept its place; then what waits for another attempt, then fresh targets.
    func nextBatch(window: Int, atMost limit: Int) -> DispatchBatch? {
        defer { admission.endChoice() }
        let inFlight = inFlight
        repeat {
            for project in turns.members {
                let batch = nextBatch(of: project, window: window, inFlight: inFlight, atMost: limit)
                if let batch { return batch }
            }
        } while admission.takePassedOn()
        return nil
    }

    private func nextBatch(
        of project: ProjectID,
        window: Int,
        inFlight: Int,
        atMost limit: Int
    ) -> DispatchBatch? {
        guard projects[project]?.isHeldBack == false else {
            turns.forfeit(project)
            return nil
        }
        let most = min(limit, turns.allowance(of: project))
        let room = DispatchWindow.room(in: window, inFlight: inFlight, own: projects[project]?.places ?? 0)
        lineUp(project)
        let batch =
            nextPlaced(of: project, atMost: most)
            ?? nextBegun(of: project, atMost: min(most, room))
            ?? nextFirst(of: project, atMost: min(most, room), lookAhead: limit * Self.lookAhead)
        if let batch {
            turns.spend(batch.dispatches, by: project)
        } else if room > 0 || !wantsRoom(project) {
            turns.forfeit(project)
        }
        return batch
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

    private func nextPlaced(of project: ProjectID, atMost limit: Int) -> DispatchBatch? {
        for id in projects[project]?.scans ?? [] {
            if let batch = backlogs[id]?.nextPlaced(atMost: limit, admission: &admission) { return batch }
        }
        return nil
    }

    private func nextBegun(of project: ProjectID, atMost limit: Int) -> DispatchBatch? {
        for id in projects[project]?.scans ?? [] {
            if let batch = backlogs[id]?.nextBegun(atMost: limit, admission: &admission) { return batch }
        }
        return nil
    }

    private func nextFirst(of project: ProjectID, atMost limit: Int, lookAhead: Int) -> DispatchBatch? {
        for id in projects[project]?.scans ?? [] {
            let batch = backlogs[id]?.nextFirst(atMost: limit, lookAhead: lookAhead, admission: &admission)
            if let batch { return batch }
        }
        return nil
    }

    private func wantsRoom(_ project: ProjectID) -> Bool {
        (projects[project]?.scans ?? []).contains { backlogs[$0]?.wantsRoom == true }
    }
}
