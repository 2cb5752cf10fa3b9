import AddressSpace

/// Goes through the addresses of a set in their order. A step is an addition; nothing is looked up within a range.
struct AddressWalk: Sequence, IteratorProtocol {
    private let ranges: AddressSet.Ranges
    private var position: Int
    private var upcoming: IPAddress?
    private var last: IPAddress?

    /// Begins at the address with the given place, which must be less than the set's count. O(log ranges).
    init(_ addresses: AddressSet, from place: UInt64) {
        let first = addresses[place]
        ranges = addresses.ranges
        position = ranges.position(ofRangeHolding: first)
        upcoming = first
        last = ranges[position].upper
    }

    mutating func next() -> IPAddress? {
        guard let current = upcoming else { return nil }
        if current == last {
            position += 1
            let range = position < ranges.endIndex ? ranges[position] : nil
            upcoming = range?.lower
            last = range?.upper
        } else {
            upcoming = current.successor
        }
        return current
    }
}

extension IPAddress {
    /// The address after this one, which must not be the last of its family.
    fileprivate var successor: IPAddress {
        switch self {
        case .v4(let value): .v4(value + 1)
        case .v6(let value): .v6(value + 1)
        }
    }
}

extension AddressSet.Ranges {
    /// Where the range is that holds an address of the set.
    fileprivate func position(ofRangeHolding address: IPAddress) -> Int {
        var lower = startIndex
        var upper = endIndex - 1
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            if self[middle].upper < address {
                lower = middle + 1
            } else {
                upper = middle
            }
        }
        return lower
    }
}
