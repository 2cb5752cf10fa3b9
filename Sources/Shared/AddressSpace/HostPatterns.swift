/// A deployment's list of hosts that may or may not be scanned, ready for set algebra and for looking up names.
public struct HostPatterns: Hashable, Sendable {
    /// Whether the list covers every address and every name.
    public let isEverything: Bool

    /// The addresses it covers, without those of its names.
    public let addresses: AddressSet

    private let names: Set<String>
    private let domains: Set<String>

    /// The list of `patterns`; their order and repetitions do not matter.
    public init(_ patterns: some Sequence<HostPattern>) {
        var isEverything = false
        var ranges: [AddressRange] = []
        var names: Set<String> = []
        var domains: Set<String> = []
        for pattern in patterns {
            switch pattern {
            case .everything: isEverything = true
            case .addresses(let range): ranges += [range, range.mappedIPv4].compactMap(\.self)
            case .hostname(let name): names.insert(name)
            case .domain(let name): domains.insert(name)
            }
        }
        self.isEverything = isEverything
        addresses = isEverything ? AddressSet([.v4(.min ... .max), .v6(.min ... .max)]) : AddressSet(ranges)
        self.names = names
        self.domains = domains
    }

    /// The list without entries, which covers nothing.
    public init() {
        self.init([])
    }

    /// Whether the list covers nothing.
    public var isEmpty: Bool {
        addresses.isEmpty && names.isEmpty && domains.isEmpty
    }

    /// The full names in the list, sorted. Those below its domains are unknown.
    public var hostnames: [String] {
        names.sorted()
    }

    /// Whether the list covers a name, in lower case and without the trailing dot. O(labels), whatever the list holds.
    public func matches(hostname: String) -> Bool {
        if isEverything || names.contains(hostname) { return true }
        guard !domains.isEmpty else { return false }
        var rest = hostname[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if domains.contains(String(rest)) { return true }
        }
        return false
    }
}

extension HostPatterns: CustomStringConvertible {
    /// The list as a setting holds it: separated by commas, networks as ranges, sorted.
    public var description: String {
        if isEverything { return "\(HostPattern.everything)" }
        let patterns =
            addresses.ranges.map(HostPattern.addresses) + hostnames.map(HostPattern.hostname)
            + domains.sorted().map(HostPattern.domain)
        return patterns.map(\.description).joined(separator: ",")
    }
}
