import AddressSpace
import HTTPTypes
import HummingbirdCore
import PropertyTesting
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Token buckets")
struct TokenBucketTests {
    private let start = ContinuousClock.now

    private func after(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }

    @Test("a burst is let through, then one at a time at the rate")
    func burstThenRate() {
        var buckets = TokenBuckets<Int>(rate: 10, burst: 5, capacity: 10)
        for _ in 0..<5 {
            let wait = buckets.take(for: 1, now: start)
            #expect(wait == nil)
        }
        let tooMany = buckets.take(for: 1, now: start)
        #expect(tooMany == .milliseconds(100))
        let tooEarly = buckets.take(for: 1, now: after(0.09))
        #expect(tooEarly == .milliseconds(10))
        let inTime = buckets.take(for: 1, now: after(0.1))
        #expect(inTime == nil)
        let again = buckets.take(for: 1, now: after(0.1))
        #expect(again != nil)
    }

    @Test("whoever waits long enough has a whole burst again, and no more")
    func refill() {
        var buckets = TokenBuckets<Int>(rate: 10, burst: 5, capacity: 10)
        var admitted = 0
        for _ in 0..<20 where buckets.take(for: 1, now: start) == nil { admitted += 1 }
        for _ in 0..<20 where buckets.take(for: 1, now: after(3_600)) == nil { admitted += 1 }
        #expect(admitted == 10)
    }

    @Test("nobody takes another's tokens")
    func separation() {
        var buckets = TokenBuckets<Int>(rate: 1, burst: 1, capacity: 10)
        for key in 0..<5 {
            let first = buckets.take(for: key, now: start)
            let second = buckets.take(for: key, now: start)
            #expect(first == nil && second != nil)
        }
    }

    @Test("there are as many buckets as may be, and those that owe most are kept")
    func bounded() {
        var buckets = TokenBuckets<Int>(rate: 1, burst: 100, capacity: 8)
        for _ in 0..<200 { _ = buckets.take(for: -1, now: start) }
        for key in 0..<1_000 { _ = buckets.take(for: key, now: start) }
        #expect(buckets.count <= 8)
        let wait = buckets.take(for: -1, now: start)
        #expect(wait == .seconds(1))
    }

    @Test("full buckets are not kept")
    func fullOnes() {
        var buckets = TokenBuckets<Int>(rate: 10, burst: 5, capacity: 4)
        for key in 0..<4 { _ = buckets.take(for: key, now: start) }
        _ = buckets.take(for: 9, now: after(60))
        #expect(buckets.count == 1)
    }

    @Test("over any time, nobody gets more than the burst and the rate over that time", arguments: 1...20)
    func bound(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (rate, burst) = (Int.random(in: 1...50, using: &generator), Int.random(in: 1...50, using: &generator))
        var buckets = TokenBuckets<Int>(rate: rate, burst: burst, capacity: 4)
        var (now, admitted) = (0.0, 0)
        for _ in 0..<2_000 {
            now += Double.random(in: 0...0.05, using: &generator)
            if buckets.take(for: 0, now: after(now)) == nil { admitted += 1 }
            #expect(Double(admitted) <= Double(burst) + Double(rate) * now + 0.001)
        }
    }
}

@Suite("The client's address")
struct TrustedProxiesTests {
    private func client(_ peer: String, _ forwarded: [String], trusted: [String] = ["10.0.0.1", "10.0.0.2"]) -> String?
    {
        let ranges = trusted.compactMap { AddressRange($0) }
        var headers = HTTPFields()
        for value in forwarded { headers.append(HTTPField(name: .forwardedFor, value: value)) }
        return TrustedProxies(addresses: AddressSet(ranges)).client(peer: IPAddress(peer), headers)?.description
    }

    @Test(
        "only proxies that are trusted are believed, and only about whom they saw",
        arguments: [
            ("192.0.2.7", ["203.0.113.1"], "192.0.2.7"), ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.1"], "203.0.113.1"), ("10.0.0.1", ["1.1.1.1, 203.0.113.1"], "203.0.113.1"),
            ("10.0.0.1", ["1.1.1.1", "203.0.113.1"], "203.0.113.1"),
            ("10.0.0.1", ["203.0.113.1, 10.0.0.2"], "203.0.113.1"), ("10.0.0.1", ["junk"], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.1, junk"], "10.0.0.1"), ("10.0.0.1", ["junk, 203.0.113.1"], "203.0.113.1"),
            ("::ffff:10.0.0.1", ["2001:db8::1"], "2001:db8::1"), ("10.0.0.1", ["::ffff:203.0.113.1"], "203.0.113.1"),
        ]
    )
    func resolution(peer: String, forwarded: [String], expected: String) {
        #expect(client(peer, forwarded) == expected)
    }

    @Test("without trusted proxies, nobody is believed")
    func noneTrusted() {
        #expect(client("127.0.0.1", ["203.0.113.1"], trusted: []) == "127.0.0.1")
    }
}

@Suite("Rate limits")
struct RateLimitTests {
    private func fixture(proxies: [IPAddress] = []) -> APIFixture {
        APIFixture(rates: RateLimits(perToken: 10, perAddress: 2, burst: 4), proxies: proxies)
    }

    private func status(of fixture: APIFixture, token: String?, from client: String? = nil) async throws -> Int {
        let headers: HTTPFields = client.map { [.forwardedFor: $0] } ?? [:]
        return try await fixture.send(.get, "/tasks/\(APIFixture.project)/status", token: token, headers: headers)
            .status
    }

    @Test("a good token has its own limit, and the answer says when to come again")
    func token() async throws {
        let fixture = fixture()
        // The first counts for the address: the token is not known yet.
        for _ in 0..<5 { #expect(try await status(of: fixture, token: APIFixture.token) == 200) }
        let refused = try await fixture.send(.get, project: "status")
        #expect(refused.status == 429 && refused.headers[.retryAfter] == "1")
        #expect(
            refused.body["detail"]
                == "too many requests with this token: 10 a second are permitted, and 4 at once"
        )
        fixture.time.advance(by: .milliseconds(100))
        #expect(try await status(of: fixture, token: APIFixture.token) == 200)
        #expect(try await status(of: fixture, token: APIFixture.token) == 429)
    }

    @Test("bad tokens and none count for the address, however many there are, and are not looked up beyond it")
    func strangers() async throws {
        let fixture = fixture()
        for index in 0..<3 { #expect(try await status(of: fixture, token: "guess-\(index)") == 401) }
        #expect(try await status(of: fixture, token: nil) == 401)
        let lookups = fixture.ledger.state.withLock { $0.count }
        for index in 0..<3 { #expect(try await status(of: fixture, token: "more-\(index)") == 429) }
        #expect(fixture.ledger.state.withLock { $0.count } == lookups)
        #expect(try await fixture.send(.get, "/nothing", token: nil).status == 429)
        #expect(try await fixture.send(.get, "/openapi.json", token: nil).status == 429)
    }

    @Test("a known caller is let through where strangers at the same address are not")
    func knownCaller() async throws {
        let fixture = fixture()
        #expect(try await status(of: fixture, token: APIFixture.token) == 200)
        for _ in 0..<5 { _ = try await status(of: fixture, token: "bad") }
        #expect(try await status(of: fixture, token: "bad") == 429)
        #expect(try await status(of: fixture, token: APIFixture.token) == 200)
    }

    @Test("clients behind a trusted proxy are told apart, and behind any other they are not")
    func proxies() async throws {
        let peer = try #require(IPAddress("192.0.2.1"))
        for (fixture, isTrusted) in [(fixture(proxies: [peer]), true), (fixture(), false)] {
            for _ in 0..<4 { #expect(try await status(of: fixture, token: "bad", from: "203.0.113.1") == 401) }
            #expect(try await status(of: fixture, token: "bad", from: "203.0.113.1") == 429)
            #expect(try await status(of: fixture, token: "bad", from: "203.0.113.2") == (isTrusted ? 401 : 429))
        }
    }

    @Test("who has one address of a /64 has all of them")
    func network() async throws {
        let fixture = fixture(proxies: [try #require(IPAddress("192.0.2.1"))])
        for index in 1...4 {
            #expect(try await status(of: fixture, token: "bad", from: "2001:db8::\(index)") == 401)
        }
        #expect(try await status(of: fixture, token: "bad", from: "2001:db8::5") == 429)
        #expect(try await status(of: fixture, token: "bad", from: "2001:db8:0:1::5") == 401)
    }

    @Test("health is asked as often as anybody likes")
    func health() async throws {
        let fixture = fixture()
        for path in HealthRoutes.paths {
            for _ in 0..<10 { #expect(try await fixture.respond(.get, path, token: nil).status == .ok) }
        }
    }
}
