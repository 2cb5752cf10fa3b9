import AddressSpace
import Testing

@testable import NameResolution

@Suite("Cache of resolutions")
struct ResolutionCacheTests {
    private static let found = Resolution.addresses([.v4(1)])
    private static let start = ContinuousClock.now

    @Test(
        "an answer is kept as long as it holds, at most five minutes, and half of one if there is no such name",
        arguments: [
            (found, 60, 60), (found, 300, 300), (found, 86_400, 300),
            (.notFound(reason: "x"), 10, 10), (.notFound(reason: "x"), 3600, 30),
        ]
    )
    func keeps(resolution: Resolution, timeToLive: Int, kept: Int) {
        var cache = ResolutionCache()
        cache.insert(resolution, of: "a", family: .v4, timeToLive: .seconds(timeToLive), at: Self.start)
        let end = Self.start + .seconds(kept)
        #expect(cache.resolution(of: "a", family: .v4, at: end - .milliseconds(1)) == resolution)
        #expect(cache.resolution(of: "a", family: .v4, at: end) == nil)
        #expect(cache.resolution(of: "a", family: .v6, at: Self.start) == nil)
    }

    @Test(
        "what does not hold, and that nobody answered, is never kept",
        arguments: [(found, 0), (.unavailable(reason: "x"), 60), (.unanswered(reason: "x"), 60)]
    )
    func doesNotKeep(resolution: Resolution, timeToLive: Int) {
        var cache = ResolutionCache()
        cache.insert(resolution, of: "a", family: .v4, timeToLive: .seconds(timeToLive), at: Self.start)
        #expect(cache.resolution(of: "a", family: .v4, at: Self.start) == nil)
        #expect(cache.count == 0)
    }

    @Test("a later answer takes the place of an earlier one")
    func replaces() {
        var cache = ResolutionCache()
        let other = Resolution.addresses([.v4(2)])
        cache.insert(Self.found, of: "a", family: .v4, timeToLive: .seconds(60), at: Self.start)
        cache.insert(other, of: "a", family: .v4, timeToLive: .seconds(60), at: Self.start)
        #expect(cache.resolution(of: "a", family: .v4, at: Self.start) == other)
    }

    @Test("entries never exceed the capacity, and the younger half of them stays")
    func capacity() {
        var cache = ResolutionCache(capacity: 100)
        for number in 0..<1000 {
            cache.insert(Self.found, of: "\(number)", family: .v4, timeToLive: .seconds(60), at: Self.start)
            #expect(cache.count <= 100)
            let remembered = (max(0, number - 49)...number).allSatisfy { number in
                cache.resolution(of: "\(number)", family: .v4, at: Self.start) != nil
            }
            #expect(remembered)
        }
    }
}
