import AddressSpace
import ScanModel

/// The entries of a request's `exclude`, parsed: what is not scanned whatever else the request says.
struct Exclusions: Hashable, Sendable {
    /// The addresses named, those of networks all of them.
    let addresses: AddressSet
    /// The names, whose addresses are not scanned either; sorted.
    let names: [String]

    /// Parses the entries; the API refuses a request with a bad one, so that a failure here is a defect of the caller.
    init(_ entries: [String]) throws(HostSyntaxError) {
        var ranges: [AddressRange] = []
        var names: Set<String> = []
        for entry in entries {
            switch try HostSpecification(parsing: entry, networks: .whole) {
            case .addresses(let range): ranges += [range, range.mappedIPv4].compactMap(\.self)
            case .hostname(let name): names.insert(name)
            }
        }
        addresses = AddressSet(ranges)
        self.names = names.sorted()
    }
}
