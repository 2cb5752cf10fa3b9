import AddressSpace
import PropertyTesting
import Testing

@Suite("A keyed permutation")
struct KeyedPermutationTests {
    @Test("is a bijection of [0, count) for every small count")
    func bijection() {
        forAll { generator in
            let count = Int.random(in: 0...40, using: &generator)
            let permutation = KeyedPermutation(count: UInt64(count), seed: generator.next())
            var seen = [Bool](repeating: false, count: count)
            for position in 0..<UInt64(count) {
                let value = permutation[position]
                guard value < count, !seen[Int(value)] else { return "\(permutation) gives \(value) wrongly or twice" }
                guard permutation.position(of: value) == position else { return "\(permutation) loses \(value)" }
                seen[Int(value)] = true
            }
            return nil
        }
    }

    @Test("stays inside [0, count) and can be undone for counts of any size")
    func inverse() {
        forAll { generator in
            let count = max(1, generator.next() >> UInt64.random(in: 0...63, using: &generator))
            let permutation = KeyedPermutation(count: count, seed: generator.next())
            let position = UInt64.random(in: 0..<count, using: &generator)
            let value = permutation[position]
            let isUndone =
                value < count
                && permutation.position(of: value) == position
                && permutation[permutation.position(of: position)] == position
            return isUndone ? nil : "\(permutation) at \(position)"
        }
    }

    @Test("works at the edges of its domains", arguments: [1, 2, 3, 4, 5, 4095, 4096, 4097] as [UInt64])
    func edges(count: UInt64) {
        let permutation = KeyedPermutation(count: count, seed: 7)
        #expect(Set((0..<count).map { permutation[$0] }) == Set(0..<count))
    }

    @Test(
        "works for the largest counts",
        arguments: [1 << 32, 1 << 62, (1 << 62) + 1, 1 << 63, UInt64.max] as [UInt64]
    )
    func largest(count: UInt64) {
        let permutation = KeyedPermutation(count: count, seed: 7)
        for position in [0, 1, count / 2, count - 2, count - 1] {
            #expect(permutation[position] < count)
            #expect(permutation.position(of: permutation[position]) == position)
        }
    }

    @Test("puts neighbours of the order into different networks")
    func spread() {
        let permutation = KeyedPermutation(count: 1 << 16, seed: 1)
        let networks = (0..<4096).map { permutation[$0] >> 8 }
        let repeats = zip(networks, networks.dropFirst()).count(where: ==)
        #expect(repeats < 50)
        #expect(Set(networks.prefix(1024)).count > 240)
    }

    @Test("differs by seed")
    func seeds() {
        let orders = (UInt64(0)..<100).map { seed in
            let permutation = KeyedPermutation(count: 1000, seed: seed)
            return (0..<10).map { permutation[$0] }
        }
        #expect(Set(orders).count == 100)
    }

    @Test(
        "keeps its order for ever, since stored plans rely on it; values from an independent implementation",
        arguments: [
            (7, 0, [4, 6, 3, 2, 1, 0, 5]),
            (1000, 42, [866, 242, 819, 285, 670, 583, 799]),
            (16777216, 3735928559, [2372009, 10944427, 15947805, 1574848, 12189575, 2942541, 7438664]),
            (
                18446744073709551615, 18446744073709551615,
                [3488868598689511025, 12622090628659785032, 1812845244356577465, 14483833428444112668]
            ),
        ] as [(UInt64, UInt64, [UInt64])]
    )
    func stability(count: UInt64, seed: UInt64, order: [UInt64]) {
        let permutation = KeyedPermutation(count: count, seed: seed)
        #expect((0..<UInt64(order.count)).map { permutation[$0] } == order)
    }
}
