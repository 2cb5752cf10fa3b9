import AddressSpace
import ScanModel
import Settings

/// The deployment's rules on what may be scanned at all, and a request's own exclusions.
///
/// Where names are concerned each rule takes the careful side: a denied or excluded name closes all its addresses, however
/// else they are named; an allowed name opens its addresses to requests that use the name.
struct ScopeGuard: Sendable {
    /// Refused as `private_ip`.
    let closed: AddressSet
    /// Of those, the addresses that no host out there can have: the machine itself, documentation, multicast and the like.
    let meaningless: AddressSet
    /// Refused as `forbidden`.
    let denied: HostPatterns
    /// Where set, all else is `forbidden`.
    let allowed: HostPatterns?

    init(
        allowsPrivateTargets: Bool,
        allowsLoopbackTargets: Bool,
        allowed: HostPatterns? = nil,
        denied: HostPatterns = HostPatterns()
    ) {
        let other = SpecialPurpose.set(.other)
        meaningless = allowsLoopbackTargets ? other : other.union(SpecialPurpose.set(.loopback))
        closed = allowsPrivateTargets ? meaningless : meaningless.union(SpecialPurpose.set(.privateUse))
        self.denied = denied
        self.allowed = allowed
    }

    init(_ settings: ScopeSettings) {
        self.init(
            allowsPrivateTargets: settings.allowPrivateTargets,
            allowsLoopbackTargets: settings.allowLoopbackTargets,
            allowed: settings.allowedHosts,
            denied: settings.deniedHosts
        )
    }

    /// Refuses what the rules close, each address for the first reason that holds.
    ///
    /// - Parameter excludedByName: the addresses of the names that are denied or excluded.
    func apply(to selection: inout TargetSelection, exclusions: Exclusions, excludedByName: AddressSet) {
        selection.refuse(closed, as: .privateIP)
        let excludedNames = Set(exclusions.names)
        let namedAddresses = selection.addresses { denied.matches(hostname: $0) || excludedNames.contains($0) }
        let forbidden = denied.addresses.union(exclusions.addresses).union(excludedByName).union(namedAddresses)
        selection.refuse(forbidden, as: .forbidden)
        if let allowed {
            let permitted = allowed.addresses.union(selection.addresses { allowed.matches(hostname: $0) })
            selection.refuse(selection.targets.subtracting(permitted), as: .forbidden)
        }
    }

    /// Whether a planned target may still be scanned: the rules may have changed since its plan was made.
    ///
    /// - Parameter names: the user's names for the address.
    func permits(_ address: IPAddress, names: [String]) -> Bool {
        guard !closed.contains(address), !denied.addresses.contains(address),
            !names.contains(where: { denied.matches(hostname: $0) })
        else { return false }
        guard let allowed else { return true }
        return allowed.addresses.contains(address) || names.contains { allowed.matches(hostname: $0) }
    }
}
