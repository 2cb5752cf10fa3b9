/// Every operation is one walk along both sets: O(ranges), whatever the ranges hold.
extension DisjointRanges {
    func union(_ other: Self) -> Self {
        var result: [ClosedRange<Bound>] = []
        result.reserveCapacity(ranges.count + other.ranges.count)
        var mine = ranges[...]
        var theirs = other.ranges[...]
        while let first = mine.first, let second = theirs.first {
            if first.lowerBound < second.lowerBound {
                result.appendMerging(first)
                mine.removeFirst()
            } else {
                result.appendMerging(second)
                theirs.removeFirst()
            }
        }
        for range in mine { result.appendMerging(range) }
        for range in theirs { result.appendMerging(range) }
        return Self(normal: result)
    }

    /// Two pieces of the result never touch: the values at their ends would share a range in both sets.
    func intersection(_ other: Self) -> Self {
        var result: [ClosedRange<Bound>] = []
        var mine = ranges[...]
        var theirs = other.ranges[...]
        while let first = mine.first, let second = theirs.first {
            if first.overlaps(second) {
                result.append(first.clamped(to: second))
            }
            if first.upperBound < second.upperBound {
                mine.removeFirst()
            } else {
                theirs.removeFirst()
            }
        }
        return Self(normal: result)
    }

    func subtracting(_ other: Self) -> Self {
        var result: [ClosedRange<Bound>] = []
        var holes = other.ranges[...]
        nextRange: for range in ranges {
            var lower = range.lowerBound
            while let hole = holes.first, hole.lowerBound <= range.upperBound {
                if hole.lowerBound > lower {
                    result.append(lower...(hole.lowerBound - 1))
                }
                // A hole that reaches the end may reach into the next range as well, so it stays first.
                if hole.upperBound >= range.upperBound { continue nextRange }
                if hole.upperBound >= lower { lower = hole.upperBound + 1 }
                holes.removeFirst()
            }
            result.append(lower...range.upperBound)
        }
        return Self(normal: result)
    }
}

extension Array {
    /// Appends a range that begins no earlier than the last one, merging it into that where they overlap or touch.
    mutating func appendMerging<Bound: FixedWidthInteger>(_ range: ClosedRange<Bound>)
    where Element == ClosedRange<Bound> {
        guard let last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 else {
            append(range)
            return
        }
        self[endIndex - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
    }
}
