public import AddressSpace

/// What a request named and its plan does not cover, and why. Ranges and names, never a list of addresses.
public struct PlanRefusals: Hashable, Sendable {
    /// Addresses that are refused for one reason, by one scan where that is the reason.
    public struct Group: Hashable, Sendable {
        /// Why.
        public let reason: RefusalReason
        /// The active scan that covers them, where the reason is `alreadyInQueue`.
        public let coveringScan: ScanID?
        /// The addresses. Groups of one plan are disjoint.
        public let addresses: AddressSet

        /// Addresses refused for a reason.
        public init(reason: RefusalReason, coveringScan: ScanID? = nil, addresses: AddressSet) {
            self.reason = reason
            self.coveringScan = coveringScan
            self.addresses = addresses
        }
    }

    /// The refused addresses, in the order in which the guard refused them.
    public var groups: [Group]
    /// Names without an address, sorted.
    public var unresolvable: [String]
    /// The user's names for refused addresses.
    public var hostnames: [IPAddress: [String]]

    /// Refusals of the given parts.
    public init(groups: [Group] = [], unresolvable: [String] = [], hostnames: [IPAddress: [String]] = [:]) {
        self.groups = groups
        self.unresolvable = unresolvable
        self.hostnames = hostnames
    }

    /// The addresses refused for a reason.
    public func addresses(refusedAs reason: RefusalReason) -> AddressSet {
        groups.lazy.filter { $0.reason == reason }.reduce(AddressSet()) { $0.union($1.addresses) }
    }
}
