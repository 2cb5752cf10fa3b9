/// The order in which the targets of a plan are dispatched: a permutation of [0, count) chosen by a seed.
///
/// Neighbours in the order lie far apart in the plan, and yet what is left behind any position can be said in few ranges
/// (`remaining(from:)`). That is what this type adds to `KeyedPermutation`: a new scan must not scan again what active
/// ones have still to do, exactly and at any size, and with a plain permutation the rest of a walked plan would be
/// millions of single addresses.
///
/// The indices are cut into chunks of 256, the size of a /24. A keyed permutation puts the full chunks in order, and each
/// 256 of them in a row make a group. The groups are walked one after the other, the places of a group in the order of a
/// permutation of its own; the last, partial chunk belongs to the last group. So 65,536 dispatches in a row alternate
/// between 256 chunks from all over the plan, and outside one group every chunk is either done or untouched.
///
/// It hides nothing from an adversary. It is part of stored plans and must never change.
public struct DispatchOrder: Hashable, Sendable {
    /// How many indices are ordered.
    public let count: UInt64

    let chunkSize: UInt64
    let fullChunks: UInt64
    let chunkOrder: KeyedPermutation

    private let chunksPerGroup: UInt64
    private let seed: UInt64

    /// The order of [0, count) that belongs to `seed`.
    public init(count: UInt64, seed: UInt64) {
        self.init(count: count, seed: seed, chunkSize: 256, chunksPerGroup: 256)
    }

    /// With other sizes than stored plans have, so that tests reach every case with few indices.
    init(count: UInt64, seed: UInt64, chunkSize: UInt64, chunksPerGroup: UInt64) {
        self.count = count
        self.seed = seed
        self.chunkSize = chunkSize
        self.chunksPerGroup = chunksPerGroup
        fullChunks = count / chunkSize
        chunkOrder = KeyedPermutation(count: fullChunks, seed: seed)
    }

    /// The index at `position`, which must be less than `count`. Expected O(1).
    public subscript(position: UInt64) -> UInt64 {
        precondition(position < count, "position out of range")
        let group = group(holding: position)
        let place = group.order[position - group.firstPosition]
        let (chunk, offset) = place.quotientAndRemainder(dividingBy: chunkSize)
        let rank = group.ranks.lowerBound + chunk
        return (group.ranks.contains(rank) ? chunkOrder[rank] : fullChunks) * chunkSize + offset
    }
}

extension DispatchOrder {
    /// Chunks that are walked together. A place in a group counts through its chunks by rank, then the partial chunk.
    struct Group {
        /// Where its full chunks come in the order of chunks.
        let ranks: Range<UInt64>
        let isLast: Bool
        let firstPosition: UInt64
        /// From the distance behind the first position to the place.
        let order: KeyedPermutation
    }

    func group(holding position: UInt64) -> Group {
        let size = chunkSize * chunksPerGroup
        let lastNumber = fullChunks == 0 ? 0 : (fullChunks - 1) / chunksPerGroup
        let number = min(position / size, lastNumber)
        let isLast = number == lastNumber
        let firstRank = number * chunksPerGroup
        return Group(
            ranks: firstRank..<(isLast ? fullChunks : firstRank + chunksPerGroup),
            isLast: isLast,
            firstPosition: number * size,
            order: KeyedPermutation(count: isLast ? count - number * size : size, seed: seed(ofGroup: number))
        )
    }

    /// Mixed twice, so that neither groups nor seeds next to each other share anything.
    private func seed(ofGroup number: UInt64) -> UInt64 {
        KeyedPermutation.mixed(KeyedPermutation.mixed(~seed) &+ number)
    }
}
