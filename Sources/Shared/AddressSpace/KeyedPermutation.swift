/// A permutation of [0, count) chosen by a seed, computed place by place in constant memory.
///
/// A balanced Feistel network permutes the smallest domain of an even number of bits that holds `count`; a value outside
/// [0, count) is sent through again until it falls inside ("cycle walking"). Both together are a permutation of exactly
/// [0, count), without the bias of a modulus, and since the domain is less than four times as large, four passes are the
/// most to be expected on average.
///
/// Sources: J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains" (CT-RSA 2002), for cycle walking and Feistel
/// on arbitrary domains; M. Luby and C. Rackoff (1988) for the rounds, four at least; G. Steele, D. Lea and C. Flood,
/// "Fast Splittable Pseudorandom Number Generators" (2014), for SplitMix64, the round function and key schedule. masscan
/// orders its targets in the same way; ZMap reaches the same end by a cyclic group.
///
/// The order spreads load; it hides nothing from an adversary. `DispatchOrder` is made of such permutations, so what is
/// stored relies on them.
public struct KeyedPermutation: Hashable, Sendable {
    /// How many values are permuted.
    public let count: UInt64

    private let halfBits: UInt64
    private let roundKeys: [UInt64]

    private static let rounds = 6

    /// The permutation of [0, count) that belongs to `seed`.
    public init(count: UInt64, seed: UInt64) {
        self.count = count
        let bits = count > 1 ? UInt64.bitWidth - (count - 1).leadingZeroBitCount : 1
        halfBits = UInt64(bits + 1) / 2
        roundKeys = (1...UInt64(Self.rounds)).map { Self.mixed(seed &+ $0 &* Self.goldenGamma) }
    }

    /// The value at `position`, which must be less than `count`. Expected O(1).
    public subscript(position: UInt64) -> UInt64 {
        precondition(position < count, "position out of range")
        var value = position
        repeat { value = forward(value) } while value >= count
        return value
    }

    /// Where `value`, which must be less than `count`, comes in the order. Expected O(1).
    public func position(of value: UInt64) -> UInt64 {
        precondition(value < count, "value out of range")
        var position = value
        repeat { position = backward(position) } while position >= count
        return position
    }

    private func forward(_ value: UInt64) -> UInt64 {
        var (left, right) = (value >> halfBits, value & halfMask)
        for key in roundKeys {
            (left, right) = (right, left ^ scrambled(right, key))
        }
        return left << halfBits | right
    }

    private func backward(_ value: UInt64) -> UInt64 {
        var (left, right) = (value >> halfBits, value & halfMask)
        for key in roundKeys.reversed() {
            (left, right) = (right ^ scrambled(left, key), left)
        }
        return left << halfBits | right
    }

    private var halfMask: UInt64 { (1 << halfBits) - 1 }

    private func scrambled(_ half: UInt64, _ key: UInt64) -> UInt64 {
        Self.mixed(key &+ half) & halfMask
    }

    private static let goldenGamma: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The finalizer of SplitMix64.
    static func mixed(_ input: UInt64) -> UInt64 {
        var value = input
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
