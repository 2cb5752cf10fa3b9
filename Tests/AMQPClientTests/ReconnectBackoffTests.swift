import Testing

@testable import AMQPClient

@Suite("The delay before connecting again")
struct ReconnectBackoffTests {
    /// Draws the highest value each time, so that delays show their bounds.
    private struct Highest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private static let lost = AMQPError(code: .connectionLost, message: "")
    private static let refused = AMQPError(code: .loginRefused(replyCode: 403), message: "")

    private static func isAbout(_ delay: Duration, _ expected: Duration) -> Bool {
        delay <= expected && delay > expected * 0.99
    }

    @Test("the bound doubles from 100 ms and stays at 5 s")
    func doubles() {
        var backoff = ReconnectBackoff()
        var highest = Highest()
        let delays = (0..<8).map { _ in backoff.delay(after: Self.lost, using: &highest) }

        let expected: [Int] = [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]
        #expect(zip(delays, expected).allSatisfy { Self.isAbout($0, .milliseconds($1)) }, "\(delays)")
    }

    @Test("delays are spread over the whole range")
    func jitter() {
        var generator = SystemRandomNumberGenerator()
        let delays = (0..<1_000).map { _ in
            var backoff = ReconnectBackoff()
            return backoff.delay(after: Self.lost, using: &generator)
        }

        #expect(delays.allSatisfy { (.zero...ReconnectBackoff.base).contains($0) })
        #expect(delays.contains { $0 < ReconnectBackoff.base * 0.2 } && delays.contains { $0 > .milliseconds(80) })
    }

    @Test("a refusal that will not pass by itself waits the longest, without jitter")
    func refusal() {
        var backoff = ReconnectBackoff()
        var highest = Highest()

        #expect(backoff.delay(after: Self.refused, using: &highest) == ReconnectBackoff.maximum)
        #expect(Self.isAbout(backoff.delay(after: Self.lost, using: &highest), ReconnectBackoff.base))
    }

    @Test("only a connection that has lasted begins the sequence again")
    func reset() {
        var backoff = ReconnectBackoff()
        var highest = Highest()
        _ = backoff.delay(after: Self.lost, using: &highest)

        backoff.connectionEnded(after: .milliseconds(50))
        #expect(Self.isAbout(backoff.delay(after: Self.lost, using: &highest), .milliseconds(200)))

        backoff.connectionEnded(after: .seconds(5))
        #expect(Self.isAbout(backoff.delay(after: Self.lost, using: &highest), .milliseconds(100)))
    }
}
