import AddressSpace
import ScanModel
import Settings

/// The deployment's rules on what may be scanned at all.
struct ScopeGuard: Sendable {
    /// Refused as `private_ip`.
    let closed: AddressSet
    /// Refused as `forbidden`.
    let denied: AddressSet
    /// Where set, all else is `forbidden`.
    let allowed: AddressSet?

    init(
        allowsPrivateTargets: Bool,
        allowsLoopbackTargets: Bool,
        allowed: AddressSet? = nil,
        denied: AddressSet = AddressSet()
    ) {
        var closed = SpecialPurpose.set(.other)
        if !allowsPrivateTargets { closed = closed.union(SpecialPurpose.set(.privateUse)) }
        if !allowsLoopbackTargets { closed = closed.union(SpecialPurpose.set(.loopback)) }
        self.closed = closed
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
    func apply(to selection: inout TargetSelection) {
        selection.refuse(closed, as: .privateIP)
        selection.refuse(denied, as: .forbidden)
        if let allowed { selection.refuse(selection.targets.subtracting(allowed), as: .forbidden) }
    }
}
