import AddressSpace
import PropertyTesting
import Testing

@Suite("An address set, against a naive set of integers")
struct AddressSetPropertyTests {
    private func checkOperation(
        _ operation: (AddressSet) -> (AddressSet) -> AddressSet,
        is naive: (Set<Int>) -> (Set<Int>) -> Set<Int>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        forAll(sourceLocation: sourceLocation) { generator in
            let model = AddressModel(using: &generator)
            let first = model.randomRanges(using: &generator)
            let second = model.randomRanges(using: &generator)
            let result = operation(AddressSet(first.ranges))(AddressSet(second.ranges))
            let expected = naive(first.elements)(second.elements)
            guard Array(result.ranges) == model.normalForm(of: expected), result.count == UInt64(expected.count) else {
                return "\(first.ranges) and \(second.ranges) gave \(Array(result.ranges))"
            }
            return nil
        }
    }

    @Test("made of any ranges holds exactly their addresses, in normal form")
    func construction() {
        forAll { generator in
            let model = AddressModel(using: &generator)
            let (ranges, elements) = model.randomRanges(using: &generator)
            let set = AddressSet(ranges)
            let isExact =
                Array(set.ranges) == model.normalForm(of: elements)
                && set.count == UInt64(elements.count)
                && set.isEmpty == elements.isEmpty
                && set == AddressSet(ranges.reversed())
                && set.hashValue == AddressSet(ranges.reversed()).hashValue
            return isExact ? nil : "\(ranges) gave \(Array(set.ranges))"
        }
    }

    @Test("union holds what either holds")
    func union() {
        checkOperation(AddressSet.union, is: { first in { first.union($0) } })
    }

    @Test("intersection holds what both hold")
    func intersection() {
        checkOperation(AddressSet.intersection, is: { first in { first.intersection($0) } })
    }

    @Test("subtraction holds what only the first holds")
    func subtracting() {
        checkOperation(AddressSet.subtracting, is: { first in { first.subtracting($0) } })
    }

    @Test("contains an address, has it at an index and knows its index, just as the sorted elements do")
    func indexing() {
        forAll { generator in
            let model = AddressModel(using: &generator)
            let (ranges, elements) = model.randomRanges(using: &generator)
            let set = AddressSet(ranges)
            var smaller: UInt64 = 0
            for element in AddressModel.universe {
                let address = model.address(element)
                let isMember = elements.contains(element)
                let agrees =
                    set.contains(address) == isMember
                    && set.index(of: address) == (isMember ? smaller : nil)
                    && (!isMember || set[smaller] == address)
                guard agrees else { return "\(ranges) disagree about \(address)" }
                if isMember { smaller += 1 }
            }
            return nil
        }
    }

    @Test("has at some indices the sorted elements with these places")
    func subset() {
        forAll { generator in
            let model = AddressModel(using: &generator)
            let (ranges, elements) = model.randomRanges(using: &generator)
            let sorted = elements.sorted()
            var indices: [ClosedRange<UInt64>] = []
            var next = Int.random(in: 0...4, using: &generator)
            while next < sorted.count {
                let last = min(next + .random(in: 0...8, using: &generator), sorted.count - 1)
                indices.append(UInt64(next)...UInt64(last))
                next = last + 1 + .random(in: 0...4, using: &generator)
            }
            let expected = Set(indices.flatMap { $0 }.map { sorted[Int($0)] })
            let subset = AddressSet(ranges).subset(at: indices)
            return Array(subset.ranges) == model.normalForm(of: expected)
                ? nil : "\(ranges) at \(indices) gave \(Array(subset.ranges))"
        }
    }

    @Test("reads itself back from its encoding, and no cut encoding is read")
    func encoding() throws {
        try forAll { generator in
            let set = AddressSet(AddressModel(using: &generator).randomRanges(using: &generator).ranges)
            let bytes = set.encoded()
            guard try AddressSet(encoded: bytes) == set else { return "\(Array(set.ranges)) came back different" }

            let cut = Array(bytes.prefix(.random(in: 0..<bytes.count, using: &generator)))
            do {
                return "\(cut), cut off, was read as \(Array(try AddressSet(encoded: cut).ranges))"
            } catch let error as AddressSetDecodingError {
                return error.code == .truncated ? nil : "\(cut) was refused as \(error.code)"
            }
        }
    }

    @Test("has one encoding: bytes are refused or are what the set read from them encodes to")
    func canonicalEncoding() {
        forAll { generator in
            var bytes = AddressSet(AddressModel(using: &generator).randomRanges(using: &generator).ranges).encoded()
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[position] = [0, 1, 0x7f, 0x80, .random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator)!
            }
            guard let set = try? AddressSet(encoded: bytes) else { return nil }
            return set.encoded() == bytes ? nil : "\(bytes) was read as \(Array(set.ranges))"
        }
    }
}
