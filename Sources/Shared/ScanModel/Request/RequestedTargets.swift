public import AddressSpace

/// The entries of a request, parsed: ranges and distinct names, with the counts that limits and answers need.
public struct RequestedTargets: Sendable {
    /// One entry, as written and as read.
    public struct Entry: Sendable {
        /// As the user wrote it.
        public let input: String
        /// As it was read.
        public let specification: HostSpecification

        /// An entry that was read.
        public init(input: String, specification: HostSpecification) {
            self.input = input
            self.specification = specification
        }
    }

    /// The entries in the order given.
    public let entries: [Entry]
    /// The addresses named directly.
    public let addresses: AddressSet
    /// The distinct names, in the order given.
    public let names: [String]
    /// Addresses and names with their repeats. Saturates.
    public let provided: UInt64

    /// Parses the entries; the API refuses a request with a bad one, so that a failure here is a defect of the caller.
    public init(_ hosts: [String]) throws(HostSyntaxError) {
        var entries: [Entry] = []
        entries.reserveCapacity(hosts.count)
        for host in hosts {
            entries.append(Entry(input: host, specification: try HostSpecification(parsing: host)))
        }
        self.init(entries)
    }

    /// Takes addresses that need no parsing: those of an earlier scan.
    public init(addresses: AddressSet) {
        entries = addresses.ranges.map { Entry(input: "\($0)", specification: .addresses($0)) }
        self.addresses = addresses
        names = []
        provided = addresses.count
    }

    /// Takes entries that were read before.
    public init(_ entries: [Entry]) {
        var ranges: [AddressRange] = []
        var names: [String] = []
        var seen: Set<String> = []
        var provided: UInt64 = 0
        for entry in entries {
            switch entry.specification {
            case .addresses(let range):
                ranges.append(range)
                provided = provided.addingSaturating(range.count)
            case .hostname(let name):
                provided = provided.addingSaturating(1)
                if seen.insert(name).inserted { names.append(name) }
            }
        }
        self.entries = entries
        addresses = AddressSet(ranges)
        self.names = names
        self.provided = provided
    }

    /// Addresses and names without repeats: what limits count. Saturates.
    public var distinct: UInt64 { addresses.count.addingSaturating(UInt64(names.count)) }
}
