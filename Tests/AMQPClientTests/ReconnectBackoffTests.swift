import Testing

@testable import AMQPClient

@Suite("The delay before connecting again")
struct ReconnectBackoffTests {
    private static let lost = AMQPError(code: .connectionLost, message: "")
    private static let refused = AMQPError(code: .loginRefused(replyCode: 403), message: "")

    @Test("the bound doubles from 100 ms and stays at 5 s")
    func doubles() {
        var backoff = ReconnectBackoff()
        let delays = (0..<8).map { _ in backoff.delay(after: Self.lost, jitter: 1) }

        #expect(delays == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map(Duration.milliseconds))
    }

    @Test("jitter spreads a delay over the whole range below its bound")
    func jitter() {
        let delays = [0, 0.25, 0.5, 1].map { jitter in
            var backoff = ReconnectBackoff()
            return backoff.delay(after: Self.lost, jitter: jitter)
        }

        #expect(delays == [0, 25, 50, 100].map(Duration.milliseconds))
    }

    @Test("a refusal that will not pass by itself waits the longest, and leaves the sequence alone")
    func refusal() {
        var backoff = ReconnectBackoff()

        #expect(backoff.delay(after: Self.refused, jitter: 0) == ReconnectBackoff.maximum)
        #expect(backoff.delay(after: Self.lost, jitter: 1) == ReconnectBackoff.base)
    }

    @Test("only a connection that has lasted begins the sequence again")
    func reset() {
        var backoff = ReconnectBackoff()
        _ = backoff.delay(after: Self.lost, jitter: 1)

        backoff.connectionEnded(after: .milliseconds(50))
        #expect(backoff.delay(after: Self.lost, jitter: 1) == .milliseconds(200))

        backoff.connectionEnded(after: .seconds(5))
        #expect(backoff.delay(after: Self.lost, jitter: 1) == .milliseconds(100))
    }
}
