import NIOCore
import Testing

@testable import RedisClient

@Suite("Backoff")
struct BackoffTests {
    /// SplitMix64 (Steele, Lea, Flood 2014), so that a run can be repeated.
    private struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("the bound doubles from 50 ms and stays at 2 s, after any number of failures")
    func bound() {
        let bounds = [0, 1, 2, 5, 6, 60, Int.max].map { Backoff().bound(failures: $0) }
        #expect(
            bounds == [
                .milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(1_600), .seconds(2),
                .seconds(2), .seconds(2),
            ]
        )
    }

    @Test("waits are spread from nothing to the bound", arguments: [0, 1, 5, 100])
    func jitter(failures: Int) {
        var generator = SeededGenerator(state: 7)
        let bound = Backoff().bound(failures: failures).nanoseconds
        let delays = (0..<1_000).map { _ in Backoff().delay(failures: failures, using: &generator).nanoseconds }
        #expect(delays.allSatisfy { (0...bound).contains($0) })
        #expect(delays.contains { $0 < bound / 10 })
        #expect(delays.contains { $0 > bound / 10 * 9 })
    }
}
