import AddressSpace
import ScanModel

/// What names resolved to.
struct ResolvedNames: Sendable {
    /// Addresses by name; a name without any is not in it.
    var addresses: [String: [IPAddress]] = [:]
    /// Names without an address.
    var unresolvable: [String] = []
}

/// Which of the requested addresses are scanned, and why the others are not: set algebra with exact counts, in the order
/// of the scope guard. What it costs does not depend on how many addresses the ranges hold.
struct TargetSelection: Sendable {
    let requested: RequestedTargets
    let resolved: ResolvedNames
    /// The names given for an address.
    let hostnames: [IPAddress: [String]]
    /// Names whose addresses were all there already.
    let collapsed: Int
    /// All distinct addresses of the request, those of names included.
    let considered: AddressSet
    /// What is left to be scanned.
    private(set) var targets: AddressSet
    /// What is not; the sets are disjoint.
    private(set) var refused: [PlanRefusals.Group] = []
    /// What other scans had still to do when ScanLedger was asked what it knows.
    var others: [Coverage] = []

    init(requested: RequestedTargets, resolved: ResolvedNames) {
        var hostnames: [IPAddress: [String]] = [:]
        var collapsed = 0
        var fromNames: Set<IPAddress> = []
        for name in requested.names {
            guard let addresses = resolved.addresses[name] else { continue }
            var isNew = false
            for address in addresses {
                hostnames[address, default: []].append(name)
                if !requested.addresses.contains(address), fromNames.insert(address).inserted { isNew = true }
            }
            if !isNew { collapsed += 1 }
        }
        self.requested = requested
        self.resolved = resolved
        self.hostnames = hostnames
        self.collapsed = collapsed
        considered = requested.addresses.union(AddressSet(fromNames.map { AddressRange($0) }))
        targets = considered
    }

    /// Takes up targets of an earlier scan, with the names they had.
    init(requeueing earlier: RequeuedTargets) {
        requested = RequestedTargets(addresses: earlier.addresses)
        resolved = ResolvedNames()
        hostnames = earlier.hostnames
        collapsed = 0
        considered = earlier.addresses
        targets = earlier.addresses
    }

    /// Refuses the targets that are in a set.
    ///
    /// - Parameter scan: the active scan that covers them, where that is the reason.
    mutating func refuse(_ addresses: AddressSet, as reason: RefusalReason, coveredBy scan: ScanID? = nil) {
        let refusedNow = targets.intersection(addresses)
        guard !refusedNow.isEmpty else { return }
        targets = targets.subtracting(refusedNow)
        refused.append(PlanRefusals.Group(reason: reason, coveringScan: scan, addresses: refusedNow))
    }

    /// Why an address is not scanned; nil where it is.
    func refusal(of address: IPAddress) -> PlanRefusals.Group? {
        refused.first { $0.addresses.contains(address) }
    }

    /// The addresses of those of the user's names that satisfy a condition.
    func addresses(where isMeant: (String) -> Bool) -> AddressSet {
        AddressSet(hostnames.filter { $0.value.contains(where: isMeant) }.keys.map { AddressRange($0) })
    }

    /// The names of refused addresses, to be merged where ScanLedger knows the host.
    func names(refusedAs reason: RefusalReason) -> [(IPAddress, [String])] {
        let sets = refused.filter { $0.reason == reason }.map(\.addresses)
        return hostnames.filter { address, _ in sets.contains { $0.contains(address) } }
            .sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    /// The plan of what is left.
    func plan(seed: UInt64) -> Plan {
        Plan(targets: targets, hostnames: hostnames.filter { targets.contains($0.key) }, seed: seed)
    }

    /// What the plan leaves out.
    var refusals: PlanRefusals {
        PlanRefusals(
            groups: refused,
            unresolvable: resolved.unresolvable,
            hostnames: hostnames.filter { !targets.contains($0.key) }
        )
    }

    var summary: PlanSummary {
        var summary = PlanSummary()
        summary.provided = Int(clamping: requested.provided)
        summary.duplicatesRemoved = Int(clamping: requested.provided - min(requested.provided, requested.distinct))
        summary.resolvedIPs = Int(clamping: considered.count)
        summary.hostnamesCollapsed = collapsed
        for group in refused { summary.refused[group.reason, default: 0] += Int(clamping: group.addresses.count) }
        if !resolved.unresolvable.isEmpty { summary.refused[.unresolvable, default: 0] += resolved.unresolvable.count }
        summary.sentToScan = Int(clamping: targets.count)
        return summary
    }
}
