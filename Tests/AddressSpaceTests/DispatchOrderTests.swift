import PropertyTesting
import Testing

@testable import AddressSpace

@Suite("A dispatch order")
struct DispatchOrderTests {
    /// What `remaining(from:)` has to be: the indices one by one, then as few ranges as can be.
    private func naiveRemaining(_ order: [UInt64], from position: UInt64) -> [ClosedRange<UInt64>] {
        var ranges: [ClosedRange<UInt64>] = []
        for index in order[Int(position)...].sorted() {
            if let last = ranges.last, last.upperBound + 1 == index {
                ranges[ranges.count - 1] = last.lowerBound...index
            } else {
                ranges.append(index...index)
            }
        }
        return ranges
    }

    /// Few indices in small chunks and groups, so that every shape of the last ones is frequent.
    private func randomSmallOrder(using generator: inout SeededGenerator) -> DispatchOrder {
        DispatchOrder(
            count: .random(in: 0...40, using: &generator),
            seed: generator.next(),
            chunkSize: .random(in: 1...5, using: &generator),
            chunksPerGroup: .random(in: 1...4, using: &generator)
        )
    }

    @Test("is a permutation of [0, count) in chunks and groups of any size")
    func smallPermutation() {
        forAll { generator in
            let order = randomSmallOrder(using: &generator)
            let indices = (0..<order.count).map { order[$0] }
            return indices.sorted() == Array(0..<order.count) ? nil : "\(order) gives \(indices)"
        }
    }

    @Test("has left behind a position what a walk from there gives, in chunks and groups of any size")
    func smallRemaining() {
        forAll { generator in
            let order = randomSmallOrder(using: &generator)
            let position = UInt64.random(in: 0...order.count, using: &generator)
            let expected = naiveRemaining((0..<order.count).map { order[$0] }, from: position)
            let remaining = order.remaining(from: position)
            return remaining == expected ? nil : "\(order) has left \(remaining) from \(position), not \(expected)"
        }
    }

    @Test(
        "is a permutation, and has left what a walk gives, in its own chunks and groups",
        arguments: [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 65_791, 65_792, 131_077] as [UInt64]
    )
    func permutation(count: UInt64) {
        var generator = SystemRandomNumberGenerator()
        let order = DispatchOrder(count: count, seed: generator.next())
        let indices = (0..<count).map { order[$0] }
        #expect(indices.sorted() == Array(0..<count), "\(order)")
        let positions = [0, 65_536, count, .random(in: 0...count, using: &generator)]
        for position in positions where position <= count {
            #expect(order.remaining(from: position) == naiveRemaining(indices, from: position), "\(order), \(position)")
        }
    }

    @Test("of the largest plan says what is left in no more ranges than it has chunks and places in a group")
    func largestPlan() {
        let count: UInt64 = 1 << 26
        let position: UInt64 = 300 * 65_536 + 30_000
        let remaining = DispatchOrder(count: count, seed: 1).remaining(from: position)
        #expect(remaining.reduce(0) { $0 + UInt64($1.count) } == count - position)
        #expect(remaining.count <= (1 << 18) + 65_536)
        #expect(zip(remaining, remaining.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
    }

    @Test("puts neighbours into different networks, from all over the plan")
    func spread() {
        let order = DispatchOrder(count: 1 << 24, seed: 1)
        let networks = (0..<65_536).map { order[$0] >> 8 }
        #expect(zip(networks, networks.dropFirst()).count(where: ==) < 400)
        #expect(Set(networks).count == 256)
        #expect(Set(networks.prefix(1_024)).count > 240)
        #expect(Set(networks.map { $0 >> 8 }).count > 128)
    }

    @Test("walks each group in an order of its own, and differs by seed")
    func seeds() {
        let order = DispatchOrder(count: 1 << 20, seed: 1)
        let places = (UInt64(0)..<16).map { group in (0..<10).map { order[group * 65_536 + $0] % 256 } }
        #expect(Set(places).count == 16)

        let starts = (UInt64(0)..<100).map { seed in
            let order = DispatchOrder(count: 1_000, seed: seed)
            return (0..<10).map { order[$0] }
        }
        #expect(Set(starts).count == 100)
    }

    @Test(
        "stays the same for ever, since stored plans rely on it; values from an independent implementation",
        arguments: [
            (7, 0, [0, 1, 2, 3, 4, 5, 6], [0, 5, 6, 1, 2, 4, 3]),
            (1000, 42, [0, 1, 2, 3, 4, 5, 6], [471, 233, 503, 71, 906, 612, 221]),
            (131_077, 7, [0, 1, 65_535, 65_536, 65_537, 131_076], [87851, 21553, 83960, 64138, 29862, 93853]),
            (
                67_108_864, 3_735_928_559, [0, 1, 2, 65_535, 65_536, 67_108_863],
                [7_111_657, 48_175_894, 35_344_174, 6_332_805, 36_689_575, 41_284_359]
            ),
            (
                .max, .max, [0, 1, 9_223_372_036_854_775_808, 18_446_744_073_709_551_614],
                [
                    14_243_157_473_129_333_296, 15_067_432_339_947_062_386, 6_936_506_664_046_842_953,
                    15_505_445_630_067_553_396,
                ]
            ),
        ] as [(UInt64, UInt64, [UInt64], [UInt64])]
    )
    func stability(count: UInt64, seed: UInt64, positions: [UInt64], indices: [UInt64]) {
        let order = DispatchOrder(count: count, seed: seed)
        #expect(positions.map { order[$0] } == indices)
    }
}
