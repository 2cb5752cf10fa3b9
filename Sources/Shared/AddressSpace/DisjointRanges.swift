/// A set of unsigned integers as sorted closed ranges with a gap between any two: the one normal form of the set.
///
/// Running counts are kept beside the ranges, so that the n-th value and the place of a value take a binary search. Counts
/// saturate at `UInt64.max`; what lies beyond that has no place.
struct DisjointRanges<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    let ranges: [ClosedRange<Bound>]

    /// The number of values, `UInt64.max` if there are more than that.
    let count: UInt64

    /// For each range, how many values the ranges before it hold.
    private let preceding: [UInt64]

    /// Takes ranges that already are in normal form.
    init(normal ranges: [ClosedRange<Bound>]) {
        var preceding: [UInt64] = []
        preceding.reserveCapacity(ranges.count)
        var count: UInt64 = 0
        for range in ranges {
            preceding.append(count)
            count = count.addingSaturating(range.saturatingCount)
        }
        self.ranges = ranges
        self.preceding = preceding
        self.count = count
    }

    /// Takes ranges in any order, overlapping or not.
    init(_ ranges: [ClosedRange<Bound>]) {
        var normal: [ClosedRange<Bound>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            normal.appendMerging(range)
        }
        self.init(normal: normal)
    }

    func contains(_ value: Bound) -> Bool {
        position(ofRangeHolding: value) != nil
    }

    /// The value with `index` smaller ones in the set. `index` must be less than `count`.
    subscript(index: UInt64) -> Bound {
        precondition(index < count, "index out of range")
        let position = preceding.partitioningIndex { $0 > index } - 1
        return ranges[position].lowerBound + Bound(index - preceding[position])
    }

    /// How many smaller values the set holds; nil if it does not hold `value`, or that many do not fit.
    func index(of value: Bound) -> UInt64? {
        guard let position = position(ofRangeHolding: value) else { return nil }
        let offset = UInt64(clamping: value - ranges[position].lowerBound)
        let index = preceding[position].addingSaturating(offset)
        return index < count ? index : nil
    }

    /// The values whose indices lie in `indices`: sorted ranges, disjoint and below `count`. O(ranges of both).
    func subset(at indices: some Sequence<ClosedRange<UInt64>>) -> Self {
        var result: [ClosedRange<Bound>] = []
        var position = 0
        for wanted in indices {
            precondition(wanted.upperBound < count, "index out of range")
            var first = wanted.lowerBound
            while true {
                while position + 1 < ranges.endIndex, preceding[position + 1] <= first { position += 1 }
                let lower = ranges[position].lowerBound + Bound(first - preceding[position])
                let available = ranges[position].upperBound - lower
                let span = min(available, Bound(clamping: wanted.upperBound - first))
                result.appendMerging(lower...(lower + span))
                let last = first + UInt64(span)
                guard last < wanted.upperBound else { break }
                first = last + 1
            }
        }
        return Self(normal: result)
    }

    private func position(ofRangeHolding value: Bound) -> Int? {
        let position = ranges.partitioningIndex { $0.upperBound >= value }
        guard position < ranges.endIndex, ranges[position].lowerBound <= value else { return nil }
        return position
    }
}

extension DisjointRanges: Hashable {
    static func == (first: Self, second: Self) -> Bool {
        first.ranges == second.ranges
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ranges)
    }
}

extension RandomAccessCollection {
    /// The first index whose element satisfies `predicate`, in a collection where all that do come last.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Index {
        var start = startIndex
        var length = count
        while length > 0 {
            let half = length / 2
            let middle = index(start, offsetBy: half)
            if predicate(self[middle]) {
                length = half
            } else {
                start = index(after: middle)
                length -= half + 1
            }
        }
        return start
    }
}
