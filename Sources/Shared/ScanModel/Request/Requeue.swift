public import AddressSpace

/// What a scan takes up of an earlier one, in place of hosts of its own.
public struct Requeue: Hashable, Sendable, Codable {
    /// Which of the earlier scan's targets.
    public enum Part: String, Hashable, Sendable, Codable {
        /// Those refused as already queued.
        case refused
        /// Those that failed, and those that were done in part.
        case failed
    }

    /// The earlier scan; it belongs to the same project.
    public let scan: ScanID
    /// Which of its targets.
    public let part: Part

    /// A part of an earlier scan.
    public init(_ part: Part, of scan: ScanID) {
        self.scan = scan
        self.part = part
    }
}

/// The targets that a requeue leads to.
public struct RequeuedTargets: Hashable, Sendable {
    /// Their addresses.
    public let addresses: AddressSet
    /// The names that the earlier request had for them.
    public let hostnames: [IPAddress: [String]]

    /// Addresses, with the names of those among them.
    public init(addresses: AddressSet, hostnames: [IPAddress: [String]]) {
        self.addresses = addresses
        self.hostnames = hostnames.filter { addresses.contains($0.key) }
    }
}
