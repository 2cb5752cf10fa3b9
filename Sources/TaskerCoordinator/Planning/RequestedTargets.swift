import AddressSpace
import ScanModel

/// The entries of a request, parsed: ranges and distinct names, with the counts that the answer needs.
struct RequestedTargets: Sendable {
    /// One entry, as written and as read.
    struct Entry: Sendable {
        let input: String
        let specification: HostSpecification
    }

    let entries: [Entry]
    /// The addresses named directly.
    let addresses: AddressSet
    /// The distinct names, in the order given.
    let names: [String]
    /// Addresses and names with their repeats. Saturates.
    let provided: UInt64

    /// Parses the entries; the API refuses a request with a bad one, so that a failure here is a defect of the caller.
    init(_ hosts: [String]) throws(HostSyntaxError) {
        var entries: [Entry] = []
        var ranges: [AddressRange] = []
        var names: [String] = []
        var seen: Set<String> = []
        var provided: UInt64 = 0
        for host in hosts {
            let specification = try HostSpecification(parsing: host)
            entries.append(Entry(input: host, specification: specification))
            switch specification {
            case .addresses(let range):
                ranges.append(range)
                provided = provided.saturatingAdding(range.count)
            case .hostname(let name):
                provided = provided.saturatingAdding(1)
                if seen.insert(name).inserted { names.append(name) }
            }
        }
        self.entries = entries
        addresses = AddressSet(ranges)
        self.names = names
        self.provided = provided
    }

    /// Addresses and names without repeats. Saturates.
    var distinct: UInt64 { addresses.count.saturatingAdding(UInt64(names.count)) }
}

extension UInt64 {
    func saturatingAdding(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
