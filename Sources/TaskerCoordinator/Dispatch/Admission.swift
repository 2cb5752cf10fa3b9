import AddressSpace
import ScanModel

/// Who may be dispatched as far as politeness goes, and who waits for a place.
struct Admission: Sendable {
    private(set) var politeness: Politeness
    private(set) var waits = PlaceWaits()
    /// What the batch being chosen takes up; its targets are not in flight yet.
    private var reserved: [IPAddress] = []
    private var hasPassedOn = false

    init(_ limits: PolitenessLimits) {
        politeness = Politeness(limits)
    }

    // MARK: In flight

    mutating func enter(_ address: IPAddress) {
        politeness.enter(address)
    }

    mutating func leave(_ address: IPAddress) {
        politeness.leave(address)
        for place in politeness.places(of: address) { waits.free(place) }
    }

    // MARK: Choosing

    /// Takes up room for a target until the end of the choice, if there is any.
    ///
    /// - Returns: false where there is none.
    mutating func reserve(_ address: IPAddress) -> Bool {
        guard politeness.admits(address) else { return false }
        politeness.enter(address)
        reserved.append(address)
        return true
    }

    /// As `reserve`; a target for which there is no room waits for it.
    mutating func reserve(_ address: IPAddress, for ticket: ScanTasks.Ticket, of scan: ScanID) -> Bool {
        guard let obstacle = politeness.obstacle(to: address) else { return reserve(address) }
        waits.wait(ticket, of: scan, for: obstacle)
        if case .address = obstacle { passOn(address) }
        return false
    }

    /// A target that was let through does not take its place: the next one in its network may.
    mutating func passOn(_ address: IPAddress) {
        if waits.free(.network(of: address)) { hasPassedOn = true }
    }

    /// Whether a target had to pass its place on since this was last asked, so that another may be chosen.
    mutating func takePassedOn() -> Bool {
        defer { hasPassedOn = false }
        return hasPassedOn
    }

    /// The waiting targets of a scan for which there may be room now.
    mutating func letThrough(of scan: ScanID) -> [ScanTasks.Ticket] {
        waits.letThrough(of: scan, room: politeness.room(at:))
    }

    /// What was chosen is in flight once it was claimed, and not before.
    mutating func endChoice() {
        for address in reserved { politeness.leave(address) }
        reserved.removeAll(keepingCapacity: true)
    }

    mutating func forget(_ scan: ScanID) {
        waits.forget(scan)
    }
}
