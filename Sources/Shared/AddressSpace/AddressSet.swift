/// A set of IPv4 and IPv6 addresses that costs bytes per range, never per address.
///
/// Addresses have places: the i-th smallest has index i, IPv4 first. A set holds at most `UInt64.max` places; counts of
/// larger ones (`::/0`) saturate there, and the addresses beyond are in the set but have no index.
public struct AddressSet: Hashable, Sendable {
    let v4: DisjointRanges<UInt32>
    let v6: DisjointRanges<UInt128>

    init(v4: DisjointRanges<UInt32>, v6: DisjointRanges<UInt128>) {
        self.v4 = v4
        self.v6 = v6
    }

    /// The empty set.
    public init() {
        self.init(v4: DisjointRanges(normal: []), v6: DisjointRanges(normal: []))
    }

    /// The addresses of all `ranges`, which may come in any order, overlap or touch.
    public init(_ ranges: some Sequence<AddressRange>) {
        var v4: [ClosedRange<UInt32>] = []
        var v6: [ClosedRange<UInt128>] = []
        for range in ranges {
            switch range {
            case .v4(let range): v4.append(range)
            case .v6(let range): v6.append(range)
            }
        }
        self.init(v4: DisjointRanges(v4), v6: DisjointRanges(v6))
    }

    /// Whether there is no address in the set.
    public var isEmpty: Bool {
        v4.ranges.isEmpty && v6.ranges.isEmpty
    }

    /// How many addresses there are, `UInt64.max` if there are more than that.
    public var count: UInt64 {
        v4.count.addingSaturating(v6.count)
    }

    /// Whether `address` is in the set. O(log ranges).
    public func contains(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let value): v4.contains(value)
        case .v6(let value): v6.contains(value)
        }
    }

    /// The address at `index`, which must be less than `count`. O(log ranges).
    public subscript(index: UInt64) -> IPAddress {
        index < v4.count ? .v4(v4[index]) : .v6(v6[index - v4.count])
    }

    /// The place of `address`; nil if it is not in the set or lies beyond the places. O(log ranges).
    public func index(of address: IPAddress) -> UInt64? {
        switch address {
        case .v4(let value):
            return v4.index(of: value)
        case .v6(let value):
            guard let index = v6.index(of: value)?.addingSaturating(v4.count), index < count else { return nil }
            return index
        }
    }

    /// The addresses whose indices lie in `indices`: sorted ranges, disjoint and below `count`. O(ranges of both).
    public func subset(at indices: [ClosedRange<UInt64>]) -> AddressSet {
        let v4Count = v4.count
        return AddressSet(
            v4: v4.subset(
                at: indices.lazy.filter { $0.lowerBound < v4Count }
                    .map { $0.lowerBound...min($0.upperBound, v4Count - 1) }
            ),
            v6: v6.subset(
                at: indices.lazy.filter { $0.upperBound >= v4Count }
                    .map { (max($0.lowerBound, v4Count) - v4Count)...($0.upperBound - v4Count) }
            )
        )
    }
}

extension AddressSet {
    /// The fewest ranges that make up the set, in ascending order.
    public var ranges: Ranges {
        Ranges(addresses: self)
    }

    /// The ranges of an address set: IPv4, then IPv6, sorted, no two of them overlapping or touching.
    public struct Ranges: RandomAccessCollection, Sendable {
        let addresses: AddressSet

        /// The position of the first range.
        public var startIndex: Int { 0 }

        /// The position after the last range.
        public var endIndex: Int { addresses.v4.ranges.count + addresses.v6.ranges.count }

        /// The range at `position`.
        public subscript(position: Int) -> AddressRange {
            let v4Count = addresses.v4.ranges.count
            return position < v4Count
                ? .v4(addresses.v4.ranges[position])
                : .v6(addresses.v6.ranges[position - v4Count])
        }
    }
}
