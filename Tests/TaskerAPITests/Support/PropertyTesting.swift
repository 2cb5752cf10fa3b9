import Foundation
import Testing

/// SplitMix64: small, and the same everywhere for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// Tries a property with fresh random cases and reports the first counterexample with the seed that makes it again.
///
/// A property gets a generator and returns nil if it holds, else what it saw. `PROPERTY_SEED` in the environment runs the
/// one case of that seed.
func forAll(
    cases: Int = 10_000,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ property: (inout SeededGenerator) async throws -> String?
) async rethrows {
    let given = ProcessInfo.processInfo.environment["PROPERTY_SEED"].flatMap { UInt64($0) }
    var system = SystemRandomNumberGenerator()
    for _ in 0..<(given == nil ? cases : 1) {
        let seed = given ?? system.next()
        var generator = SeededGenerator(seed: seed)
        if let counterexample = try await property(&generator) {
            Issue.record("PROPERTY_SEED=\(seed): \(counterexample)", sourceLocation: sourceLocation)
            return
        }
    }
}
