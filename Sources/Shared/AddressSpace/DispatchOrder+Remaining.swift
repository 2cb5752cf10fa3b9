extension DispatchOrder {
    /// The indices at `position` and behind it: sorted ranges with a gap between any two. `position` is at most `count`.
    ///
    /// O(chunks + places of one group), whatever the position. It asks for the position of each chunk, and in the group
    /// at `position` of each place, in ascending order of the indices, so nothing has to be sorted.
    public func remaining(from position: UInt64) -> [ClosedRange<UInt64>] {
        precondition(position <= count, "position out of range")
        guard position < count else { return [] }
        guard position > 0 else { return [0...(count - 1)] }

        let group = group(holding: position)
        var remaining: [ClosedRange<UInt64>] = []
        for chunk in 0..<fullChunks {
            let rank = chunkOrder.position(of: chunk)
            let indices = (chunk * chunkSize)..<((chunk + 1) * chunkSize)
            if group.ranks.contains(rank) {
                let firstPlace = (rank - group.ranks.lowerBound) * chunkSize
                remaining.append(indices, at: firstPlace, of: group, from: position)
            } else if rank >= group.ranks.upperBound {
                remaining.appendMerging(ClosedRange(indices))
            }
        }
        let partialChunk = (fullChunks * chunkSize)..<count
        if group.isLast {
            let firstPlace = UInt64(group.ranks.count) * chunkSize
            remaining.append(partialChunk, at: firstPlace, of: group, from: position)
        } else if !partialChunk.isEmpty {
            remaining.appendMerging(ClosedRange(partialChunk))
        }
        return remaining
    }
}

extension [ClosedRange<UInt64>] {
    /// Appends those of a chunk's indices that come at `position` or behind it; the chunk begins at `firstPlace` of `group`.
    fileprivate mutating func append(
        _ indices: Range<UInt64>,
        at firstPlace: UInt64,
        of group: DispatchOrder.Group,
        from position: UInt64
    ) {
        let walked = position - group.firstPosition
        for index in indices where group.order.position(of: firstPlace + (index - indices.lowerBound)) >= walked {
            appendMerging(index...index)
        }
    }
}
