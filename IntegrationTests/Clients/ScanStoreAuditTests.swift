import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing

@Suite("The audit of a project", .timeLimit(.minutes(2)))
struct ScanStoreAuditTests {
    private func submit(_ fixture: StoreFixture, requeueing earlier: ScanID? = nil, key: String? = nil) async throws
        -> ScanID
    {
        var request = StoreFixture.request
        request.requeues = earlier.map { Requeue(.failed, of: $0) }
        return try await fixture.store.submit(
            request,
            as: ScanID(UUID()),
            for: fixture.project,
            by: .test,
            idempotencyKey: key,
            atMilliseconds: 1
        )
    }

    private func audit(_ fixture: StoreFixture, limit: Int = 100, after: StreamPosition? = nil) async throws
        -> [AuditEntry]
    {
        try await fixture.store.audit(of: fixture.project, limit: limit, after: after)
    }

    @Test("each thing that is done is there once, latest first, with who did it")
    func entries() async throws {
        try await withFixture { fixture in
            let (store, project) = (fixture.store, fixture.project)
            let requeue = try await submit(fixture, requeueing: fixture.scan)
            _ = try await store.pace(.paused, project: project, scan: requeue, by: .test)
            _ = try await store.pace(.paused, project: project, by: .test)
            _ = try await store.pace(.running, project: project, by: .test)
            _ = try await store.requestStop(of: project, receipt: UUID(), by: .test)
            let entries = try await audit(fixture)
            #expect(entries.map(\.action) == [.stop, .resume, .pause, .pause, .requeue, .start])
            #expect(entries.map(\.scanCount) == [2, 2, 1, 1, 1, 1])
            #expect(entries.map(\.requester) == Array(repeating: .test, count: 6))
            #expect(entries[2].scans == [fixture.scan] && entries[3].scans == [requeue])
            #expect(entries[4].scans == [requeue] && entries[4].requeues == fixture.scan && entries[4].hosts == nil)
            #expect(entries[5].scans == [fixture.scan] && entries[5].hosts == 1)
            #expect(Set(entries[0].scans) == [fixture.scan, requeue])
            let age = Date().timeIntervalSince1970 - Double(entries[0].milliseconds) / 1_000
            #expect(abs(age) < 60)
        }
    }

    @Test("what changes nothing is not there")
    func nothing() async throws {
        try await withFixture { fixture in
            let (store, project) = (fixture.store, fixture.project)
            let first = try await submit(fixture, key: "k")
            let before = try await audit(fixture).count
            #expect(try await submit(fixture, key: "k") == first)
            _ = try await store.pace(.running, project: project, by: .test)
            _ = try await store.requestStop(of: ProjectID(UUID()), receipt: UUID(), by: .test)
            #expect(try await audit(fixture).count == before)
            #expect(try await store.audit(of: ProjectID(UUID()), limit: 10).isEmpty)
        }
    }

    @Test("pages follow one another, and whoever has the last entry gets nothing more")
    func pages() async throws {
        try await withFixture { fixture in
            for _ in 0..<4 { _ = try await submit(fixture) }
            let all = try await audit(fixture)
            let first = try await audit(fixture, limit: 2)
            let second = try await audit(fixture, limit: 2, after: first[1].id)
            #expect(first + second == Array(all[0..<4]) && all.count == 5)
            #expect(try await audit(fixture, after: all[4].id).isEmpty)
            #expect(try await audit(fixture, after: StreamPosition(milliseconds: 0, number: 0)).isEmpty)
        }
    }

    @Test("the oldest entries go when there are too many, the scans of an entry are bounded, and both have an end")
    func bounds() async throws {
        try await withFixture { fixture in
            for _ in 0..<40 { _ = try await submit(fixture) }
            _ = try await fixture.store.requestStop(of: fixture.project, receipt: UUID(), by: .test)
            let stop = try #require(try await audit(fixture, limit: 1).first)
            #expect(stop.scanCount == 41 && stop.scans.count == 32)
            let key = "tasker:project:\(fixture.project):audit"
            let fill = "for i = 1, 10000 do redis.call('XADD', KEYS[1], '*', 'action', 'pause') end"
            _ = try await fixture.redis.execute(["EVAL", .string(fill), "1", .string(key)])
            _ = try await submit(fixture)
            #expect(try await fixture.redis.execute(["XLEN", .string(key)]) == .integer(10_000))
            guard case .integer(let seconds) = try await fixture.redis.execute(["TTL", .string(key)]) else {
                Issue.record("it has no end")
                return
            }
            #expect(seconds > 80 * 86_400)
        }
    }
}
