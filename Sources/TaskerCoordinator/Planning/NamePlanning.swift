import AddressSpace
import ScanModel
import ScanStore

/// Resolves the names that a plan depends on, and waits where nobody answers; it never takes silence for "not there".
struct NamePlanning: Sendable {
    /// What is done with the addresses of a name.
    enum Purpose: Sendable {
        /// They are scanned.
        case targets(singleResolve: Bool)
        /// They are not scanned, whatever else names them: all of them count, of both families.
        case exclusions
    }

    let resolution: @Sendable (Purpose) -> HostnameResolution
    let waiting: PlanningWait
    /// Addresses that nobody's targets have: what a name leads to because of a hosts file or a sinkhole.
    let meaningless: AddressSet

    /// The addresses of names that are to be scanned.
    ///
    /// A name that nobody answers for, while the servers answer for others, has servers of its own that are dead: it is
    /// unresolvable. Where nobody gets an answer, nothing is given up.
    func targets(_ names: [String], of scan: ActiveScan) async throws -> ResolvedNames {
        let purpose = Purpose.targets(singleResolve: scan.request.singleResolve)
        var (resolved, silent) = try await resolve(names, for: purpose, of: scan)
        resolved.unresolvable = (resolved.unresolvable + silent).sorted()
        return resolved
    }

    /// The addresses of the names in a request's `exclude`.
    ///
    /// - Throws: a refusal where a name has no address: what it was to protect might be scanned.
    func excluded(_ names: [String], of scan: ActiveScan) async throws -> AddressSet {
        let (resolved, silent) = try await resolve(names, for: .exclusions, of: scan)
        let empty = resolved.addresses.filter { $0.value.allSatisfy(meaningless.contains) }.keys
        if let name = (resolved.unresolvable + silent + empty).min() {
            throw Planner.Refusal(
                description: "exclude: \(name) has no address that can be found, so that nothing is excluded by it"
            )
        }
        return resolved.allAddresses
    }

    /// The addresses of the names that the deployment denies. A name without an address closes none; one that nobody
    /// answers for is waited for.
    func denied(_ names: [String], of scan: ActiveScan) async throws -> AddressSet {
        var addresses = AddressSet()
        var remaining = names
        var wait = waiting.begin()
        while true {
            let (resolved, silent) = try await resolve(remaining, for: .exclusions, of: scan)
            addresses = addresses.union(resolved.allAddresses)
            guard let name = silent.min() else {
                try await wait.end(scan)
                return addresses
            }
            remaining = silent
            try await wait.pause(as: .waitingForDNS, "denied_hosts: no name server answers for \(name)", scan)
        }
    }

    /// Asks until each name has an answer, or stays silent while the servers answer for others.
    private func resolve(
        _ names: [String],
        for purpose: Purpose,
        of scan: ActiveScan
    ) async throws -> (resolved: ResolvedNames, silent: [String]) {
        let resolution = resolution(purpose)
        var resolved = ResolvedNames()
        var silent: [String] = []
        var remaining = names
        var wait = waiting.begin()
        while !remaining.isEmpty {
            let round = await resolution.resolve(remaining)
            try Task.checkCancellation()
            guard !round.hasTooManyAddresses else {
                throw Planner.Refusal(
                    description: "the names lead to more than \(HostnameResolution.mostAddresses) addresses"
                )
            }
            resolved.addresses.merge(round.resolved.addresses) { $1 }
            resolved.unresolvable += round.resolved.unresolvable
            silent += round.silent
            remaining = round.unavailable
            guard !remaining.isEmpty else { break }
            try await wait.pause(as: .waitingForDNS, round.reason ?? "no name server answers", scan)
        }
        try await wait.end(scan)
        return (resolved, silent)
    }
}

extension ResolvedNames {
    fileprivate var allAddresses: AddressSet {
        AddressSet(addresses.values.lazy.joined().map { AddressRange($0) })
    }
}
