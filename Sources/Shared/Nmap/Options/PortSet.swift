/// A set of ports from 1 to 65535, held as sorted, disjoint ranges that do not touch.
public struct PortSet: Hashable, Sendable {
    /// The ranges, ascending; there is a gap of at least one port between neighbours.
    public let ranges: [ClosedRange<UInt16>]

    /// Makes the set of `ports`; order and repetition do not matter, and 0, which is no port to scan, is left out.
    public init(ports: some Sequence<UInt16>) {
        self.init(merging: ports.lazy.filter { $0 != 0 }.map { $0...$0 })
    }

    init(merging unordered: some Sequence<ClosedRange<UInt16>>) {
        var merged: [ClosedRange<UInt16>] = []
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, Int(range.lowerBound) <= Int(last.upperBound) + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    /// How many ports the set holds.
    public var count: Int {
        ranges.reduce(0) { $0 + $1.count }
    }

    /// Whether the set holds no port.
    public var isEmpty: Bool {
        ranges.isEmpty
    }

    /// Whether `port` is in the set.
    public func contains(_ port: UInt16) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < port {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < ranges.count && ranges[low].contains(port)
    }

    /// The set as nmap's `-p` takes it: `80,1000-2000`. Empty for the empty set.
    public var nmapList: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }
}
