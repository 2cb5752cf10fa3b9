public import AddressSpace

/// What a scan will cover. Ranges and names, never a list of addresses: its size does not grow with the addresses.
public struct Plan: Hashable, Sendable {
    /// The addresses to scan; a target's index is its place in this set.
    public let targets: AddressSet
    /// The names the user gave for an address, lower-case, in the order given. Addresses without names have no entry.
    public let hostnames: [IPAddress: [String]]
    /// Keys the order of dispatch; see `DispatchOrder`.
    public let seed: UInt64

    /// A plan of the given parts.
    public init(targets: AddressSet, hostnames: [IPAddress: [String]], seed: UInt64) {
        self.targets = targets
        self.hostnames = hostnames
        self.seed = seed
    }

    /// How many targets there are.
    public var count: Int { Int(clamping: targets.count) }

    /// The address of a target.
    public func address(of target: Int) -> IPAddress {
        targets[UInt64(target)]
    }

    /// The user's names for a target's address.
    public func names(of target: Int) -> [String] {
        hostnames[address(of: target)] ?? []
    }
}
