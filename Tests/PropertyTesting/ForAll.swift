import Foundation
package import Testing

/// Tries a property with fresh random cases and reports the first counterexample with the seed that makes it again.
///
/// A property gets a generator and returns nil if it holds, else what it saw. `PROPERTY_SEED` in the environment runs the
/// one case of that seed, and `PROPERTY_CASES` so many cases of each property.
package func forAll(
    cases: Int = 10_000,
    sourceLocation: SourceLocation = #_sourceLocation,
    isolation: isolated (any Actor)? = #isolation,
    _ property: (inout SeededGenerator) async throws -> String?
) async rethrows {
    for seed in seeds(cases) {
        var generator = SeededGenerator(seed: seed)
        if let counterexample = try await property(&generator) {
            record(counterexample, seed: seed, at: sourceLocation)
            return
        }
    }
}

/// The same for a property that does not wait.
package func forAll(
    cases: Int = 10_000,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ property: (inout SeededGenerator) throws -> String?
) rethrows {
    for seed in seeds(cases) {
        var generator = SeededGenerator(seed: seed)
        if let counterexample = try property(&generator) {
            record(counterexample, seed: seed, at: sourceLocation)
            return
        }
    }
}

private func seeds(_ cases: Int) -> some Sequence<UInt64> {
    let environment = ProcessInfo.processInfo.environment
    let given = environment["PROPERTY_SEED"].flatMap { UInt64($0) }
    let count = given == nil ? environment["PROPERTY_CASES"].flatMap { Int($0) } ?? cases : 1
    return (0..<count).lazy.map { _ in given ?? .random(in: .min ... .max) }
}

private func record(_ counterexample: String, seed: UInt64, at sourceLocation: SourceLocation) {
    Issue.record("PROPERTY_SEED=\(seed): \(counterexample)", sourceLocation: sourceLocation)
}
