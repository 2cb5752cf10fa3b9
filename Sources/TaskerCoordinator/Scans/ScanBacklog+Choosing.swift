import AddressSpace
import ScanModel
import ScanStore

extension ScanBacklog {
    /// The most targets that are parked before fresh ones have to wait.
    static let parkedLimit = 1_024

    /// Whether something would be chosen if the window had room for it.
    var wantsRoom: Bool {
        !isHeld && (!tasks.isEmpty(.begun) || !tasks.isEmpty(.first) || mayAdvance)
    }

    /// Lets those get in line whose time has come, or for whom there is room in their networks now.
    mutating func lineUp(dueAt now: ContinuousClock.Instant, admission: inout Admission) {
        guard !isHeld else { return }
        tasks.lineUp(dueAt: now)
        for ticket in admission.letThrough(of: entry.id) { tasks.lineUp(ticket) }
    }

    /// The next tasks between the phases, which have their places already and need no room in the window.
    mutating func nextPlaced(atMost limit: Int, admission: inout Admission) -> DispatchBatch? {
        guard !isHeld else { return nil }
        return batch(choose(from: .placed, atMost: limit, admission: &admission), cursor: cursor)
    }

    /// The next tasks that were begun and have no place.
    mutating func nextBegun(atMost limit: Int, admission: inout Admission) -> DispatchBatch? {
        guard !isHeld else { return nil }
        return batch(choose(from: .begun, atMost: limit, admission: &admission), cursor: cursor)
    }

    /// The next tasks that no worker had yet: those that were put aside, then fresh ones. A fresh target whose network has no
    /// room is passed over, so that the cursor goes on.
    ///
    /// - Parameter lookAhead: how many fresh targets are looked at.
    mutating func nextFirst(atMost limit: Int, lookAhead: Int, admission: inout Admission) -> DispatchBatch? {
        guard !isHeld, limit > 0 else { return nil }
        let parked = choose(from: .first, atMost: limit, admission: &admission)
        let fresh = chooseFresh(atMost: limit - parked.count, lookAhead: lookAhead, admission: &admission)
        return batch(parked + fresh, cursor: cursor + fresh.count)
    }

    private var mayAdvance: Bool { pending > 0 && tasks.parkedCount < Self.parkedLimit }

    private mutating func choose(
        from queue: ScanTasks.Queue,
        atMost limit: Int,
        admission: inout Admission
    ) -> [Claim] {
        guard let plan = entry.plan else { return [] }
        var chosen: [ScanTasks.Ticket] = []
        var claims: [Claim] = []
        while claims.count < limit, let ticket = tasks.removeFirst(of: queue) {
            let address = plan.address(of: ticket.target)
            guard let task = tasks.task(of: ticket) else {
                admission.passOn(address)
                continue
            }
            guard task.hasPlace || admission.reserve(address, for: ticket, of: entry.id) else { continue }
            chosen.append(ticket)
            claims.append(Claim(task: task.reference, source: task.state == .ready ? .ready : .parked))
        }
        // Until they are claimed, they are where they were.
        tasks.putBack(chosen, to: queue)
        return claims
    }

    private func chooseFresh(atMost limit: Int, lookAhead: Int, admission: inout Admission) -> [Claim] {
        guard let plan = entry.plan, let order = entry.order, mayAdvance else { return [] }
        var claims: [Claim] = []
        var dispatches = 0
        var parked = tasks.parkedCount
        while dispatches < limit, parked < Self.parkedLimit, claims.count < min(lookAhead, pending) {
            let target = Int(order[UInt64(cursor + claims.count)])
            let task = TaskReference(scan: entry.id, target: target, phase: .openPorts, attempt: 1)
            if admission.reserve(plan.address(of: target)) {
                claims.append(Claim(task: task, source: .fresh))
                dispatches += 1
            } else {
                claims.append(Claim(task: task, source: .passedOver))
                parked += 1
            }
        }
        return claims
    }

    private func batch(_ claims: [Claim], cursor after: Int) -> DispatchBatch? {
        guard let plan = entry.plan, let chaining, !claims.isEmpty else { return nil }
        return DispatchBatch(
            entry: entry,
            chaining: chaining,
            plan: plan,
            claims: claims,
            cursorBefore: cursor,
            cursorAfter: after
        )
    }
}
