import AddressSpace
import ScanModel

/// Counts what a list of hosts leads to, each address and name once.
struct TargetTally {
    private var ranges: [AddressRange] = []
    private var names: Set<String> = []

    mutating func add(_ host: HostSpecification) {
        switch host {
        case .addresses(let range): ranges.append(range)
        case .hostname(let name): names.insert(name)
        }
    }

    /// How many there are. Saturates.
    var count: UInt64 { AddressSet(ranges).count.addingSaturating(UInt64(names.count)) }
}
