import AddressSpace
import PropertyTesting

/// The naive model of an address set: a `Set<Int>` over a small universe, whose lower half stands for consecutive IPv4
/// addresses and whose upper half for consecutive IPv6 addresses, each from a base of its own.
struct AddressModel {
    static let half = 32
    static let universe = 0..<(2 * half)

    let v4Base: UInt32
    let v6Base: UInt128

    /// Bases are anywhere, and often at the very beginning or end of the address space.
    init(using generator: inout SeededGenerator) {
        let highestV4 = UInt32.max - UInt32(Self.half - 1)
        let highestV6 = UInt128.max - UInt128(Self.half - 1)
        v4Base = [0, highestV4, .random(in: 0...highestV4, using: &generator)].randomElement(using: &generator)!
        v6Base = [0, highestV6, .random(in: 0...highestV6, using: &generator)].randomElement(using: &generator)!
    }

    func address(_ element: Int) -> IPAddress {
        element < Self.half ? .v4(v4Base + UInt32(element)) : .v6(v6Base + UInt128(element - Self.half))
    }

    /// Up to eight ranges in any order, overlapping or touching or not, with the elements they hold.
    func randomRanges(using generator: inout SeededGenerator) -> (ranges: [AddressRange], elements: Set<Int>) {
        var ranges: [AddressRange] = []
        var elements: Set<Int> = []
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let first = Int.random(in: Self.universe, using: &generator)
            let end = first < Self.half ? Self.half : Self.universe.upperBound
            let last = min(first + Int.random(in: 0...6, using: &generator), end - 1)
            ranges.append(AddressRange(address(first), address(last))!)
            elements.formUnion(first...last)
        }
        return (ranges, elements)
    }

    /// The ranges a set of exactly `elements` must show: as few as can be, in order.
    func normalForm(of elements: Set<Int>) -> [AddressRange] {
        var runs: [ClosedRange<Int>] = []
        for element in elements.sorted() {
            if let last = runs.last, last.upperBound + 1 == element, element != Self.half {
                runs[runs.count - 1] = last.lowerBound...element
            } else {
                runs.append(element...element)
            }
        }
        return runs.map { AddressRange(address($0.lowerBound), address($0.upperBound))! }
    }
}
