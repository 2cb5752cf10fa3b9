import Foundation
import ScanLedger
import ScanModel
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Access control", .timeLimit(.minutes(1)))
struct AccessControlTests {
    private let scope = AccessScope.project(APIFixture.project)
    private let token = BearerToken(APIFixture.token)
    private let ledger = Verdicts()
    private let time = ManualTime()

    private func makeControl(capacity: Int = 100) -> AccessControl {
        AccessControl(capacity: capacity, now: { [time] in time.now }) { [ledger] scope, token throws(LedgerError) in
            try ledger.verdict(scope, token)
        }
    }

    private var lookups: Int { ledger.state.withLock { $0.count } }

    @Test("a yes holds for 30 seconds")
    func positive() async throws {
        let control = makeControl()
        for _ in 0..<3 {
            #expect(try await control.access(to: scope, with: token) == .granted)
            time.advance(by: .seconds(14))
        }
        #expect(lookups == 1)
        #expect(try await control.access(to: scope, with: token) == .granted)
        #expect(lookups == 2)
    }

    @Test("a no holds for 5 seconds")
    func negative() async throws {
        let control = makeControl()
        let bad = BearerToken("bad")
        #expect(try await control.access(to: scope, with: bad) == .denied)
        time.advance(by: .seconds(4))
        #expect(try await control.access(to: scope, with: bad) == .denied)
        #expect(lookups == 1)
        time.advance(by: .seconds(1))
        ledger.state.withLock { $0.access["bad"] = .granted }
        #expect(try await control.access(to: scope, with: bad) == .granted)
    }

    @Test("an answer is for one token and one project")
    func separation() async throws {
        let control = makeControl()
        #expect(try await control.access(to: scope, with: token) == .granted)
        #expect(try await control.access(to: scope, with: BearerToken("other")) == .denied)
        ledger.state.withLock { $0.access = [APIFixture.token: .unknownProject] }
        let other = AccessScope.project(ProjectID(UUID()))
        #expect(try await control.access(to: other, with: token) == .unknownProject)
        #expect(try await control.access(to: .anyCaller, with: token) == .unknownProject)
    }

    @Test("an unreachable ScanLedger is an error, and is asked again")
    func outage() async throws {
        let control = makeControl()
        ledger.state.withLock { $0.isAway = true }
        for _ in 0..<2 {
            await #expect(throws: LedgerError.self) { try await control.access(to: scope, with: token) }
        }
        #expect(lookups == 2)
        ledger.state.withLock { $0.isAway = false }
        #expect(try await control.access(to: scope, with: token) == .granted)
    }

    @Test("for a stop alone, a yes up to 15 minutes old holds in an outage")
    func leniency() async throws {
        let control = makeControl()
        #expect(try await control.access(to: scope, with: token) == .granted)
        ledger.state.withLock { $0.isAway = true }
        time.advance(by: .seconds(14 * 60))
        await #expect(throws: LedgerError.self) { try await control.access(to: scope, with: token) }
        #expect(try await control.access(to: scope, with: token, leniency: .duringOutage) == .granted)
        time.advance(by: .seconds(60))
        await #expect(throws: LedgerError.self) {
            try await control.access(to: scope, with: token, leniency: .duringOutage)
        }
    }

    @Test("a no ends the leniency")
    func revoked() async throws {
        let control = makeControl()
        #expect(try await control.access(to: scope, with: token) == .granted)
        ledger.state.withLock { $0.access = [:] }
        time.advance(by: .seconds(31))
        #expect(try await control.access(to: scope, with: token, leniency: .duringOutage) == .denied)
        ledger.state.withLock { $0.isAway = true }
        time.advance(by: .seconds(6))
        await #expect(throws: LedgerError.self) {
            try await control.access(to: scope, with: token, leniency: .duringOutage)
        }
    }

    @Test("concurrent questions that are the same share one lookup")
    func coalescing() async throws {
        let gate = Gate()
        let control = AccessControl(now: { [time] in time.now }) { [ledger] scope, token throws(LedgerError) in
            await gate.pass()
            return try ledger.verdict(scope, token)
        }
        try await withThrowingTaskGroup(of: LedgerAccess.self) { group in
            for _ in 0..<50 { group.addTask { try await control.access(to: scope, with: token) } }
            while await control.waitingCount < 49 { await Task.yield() }
            await gate.open()
            for try await access in group { #expect(access == .granted) }
        }
        #expect(lookups == 1)
    }

    @Test("lookups for unknown callers are bounded; known callers are looked up all the same")
    func strangers() async throws {
        let gate = Gate()
        let control = AccessControl(maximumStrangers: 2, now: { [time] in time.now }) {
            [ledger] scope, token throws(LedgerError) in
            if ["bad-1", "bad-2"].contains(token.secret) { await gate.pass() }
            return try ledger.verdict(scope, token)
        }
        #expect(try await control.access(to: scope, with: token) == .granted)
        time.advance(by: .seconds(31))
        try await withThrowingTaskGroup(of: LedgerAccess.self) { group in
            for name in ["bad-1", "bad-1", "bad-2", "bad-2"] {
                group.addTask { try await control.access(to: scope, with: BearerToken(name)) }
            }
            while await control.waitingCount < 2 { await Task.yield() }
            let error = await #expect(throws: LedgerError.self) {
                try await control.access(to: scope, with: BearerToken("bad-3"))
            }
            #expect(error?.code == .unavailable)
            #expect(error?.retryAfter == .seconds(1))
            #expect(try await control.access(to: scope, with: token) == .granted)
            #expect(try await control.access(to: .anyCaller, with: token) == .granted)
            await gate.open()
            for try await access in group { #expect(access == .denied) }
        }
        #expect(try await control.access(to: scope, with: BearerToken("bad-3")) == .denied)
    }

    @Test("a flood of bad tokens stays bounded and pushes no good one out")
    func capacity() async throws {
        let control = makeControl(capacity: 8)
        #expect(try await control.access(to: scope, with: token) == .granted)
        for number in 0..<100 {
            #expect(try await control.access(to: scope, with: BearerToken("bad-\(number)")) == .denied)
        }
        let before = lookups
        #expect(try await control.access(to: scope, with: token) == .granted)
        #expect(lookups == before)
    }
}

@Suite("Expiring cache")
struct ExpiringCacheTests {
    @Test("the oldest make room where nothing is too old")
    func eviction() {
        let start = ContinuousClock.now
        var cache = ExpiringCache<Int, Int>(capacity: 8, lifetime: .seconds(60))
        for number in 0..<100 {
            let now = start.advanced(by: .milliseconds(number))
            cache.insert(number, for: number, now: now)
            #expect(cache.count <= 8)
            #expect(cache.value(for: number, notOlderThan: .seconds(1), now: now) == number)
        }
        #expect(cache.value(for: 0, notOlderThan: .seconds(60), now: start) == nil)
    }

    @Test("an entry is not older than its reader allows, nor than the cache's lifetime")
    func age() {
        let start = ContinuousClock.now
        var cache = ExpiringCache<Int, Int>(capacity: 8, lifetime: .seconds(60))
        cache.insert(1, for: 1, now: start)
        #expect(cache.value(for: 1, notOlderThan: .seconds(30), now: start.advanced(by: .seconds(29))) == 1)
        #expect(cache.value(for: 1, notOlderThan: .seconds(30), now: start.advanced(by: .seconds(30))) == nil)
        #expect(cache.value(for: 1, notOlderThan: .seconds(90), now: start.advanced(by: .seconds(60))) == nil)
        cache.remove(1)
        #expect(cache.value(for: 1, notOlderThan: .seconds(90), now: start) == nil)
    }
}

/// A time that a test moves.
final class ManualTime: Sendable {
    private let state = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { state.withLock { $0 } }

    func advance(by duration: Duration) {
        state.withLock { $0 = $0.advanced(by: duration) }
    }
}

/// Holds callers back until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
