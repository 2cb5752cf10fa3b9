import Foundation
import RedisClient
import ScanModel
import ScanStore
import Synchronization
import Testing

/// What processes notice of a Redis that does not hold any more what it held, against a real server.
@Suite(.timeLimit(.minutes(2)))
struct InstallationTests {
    @Test("whoever has seen a write notices that Redis does not hold it any more")
    func lostWrites() async throws {
        try await withFixture { fixture in
            let losses = Losses()
            let witness = StoreWitness(report: losses.append)
            let leader = LeaderStore(redis: fixture.redis, term: fixture.leader.term, witness: witness)
            for _ in 0..<3 { try await leader.finishIntent("1-1") }
            #expect(losses.counts == [])
            _ = try await fixture.redis.execute(["DECR", "tasker:writes"])
            try await leader.finishIntent("1-1")
            #expect(losses.counts == [1])
            _ = try await fixture.redis.execute(["DEL", "tasker:writes"])
            _ = try await LeaderLock(redis: fixture.redis, witness: witness).observe()
            #expect(losses.counts.count == 2, "a standby's look is enough")
            #expect(witness.losses == 2)
        }
    }

    @Test("whoever works for an installation does nothing where its data is gone, nor with another one's")
    func foreignInstallation() async throws {
        try await withFixture { fixture in
            let known = fixture.leader.term.installation
            let witness = StoreWitness()
            let store = ScanStore(redis: fixture.redis, witness: witness)
            let leader = LeaderStore(redis: fixture.redis, term: fixture.leader.term, witness: witness)
            try await store.ping()
            #expect(witness.installation == known)
            for replacement in [nil, "another"] {
                _ = try await fixture.redis.execute(["DEL", "tasker:installation"])
                if let replacement {
                    _ = try await fixture.redis.execute(["HSET", "tasker:installation", "id", .string(replacement)])
                }
                let deeds: [@Sendable () async throws -> Void] = [
                    { _ = try await store.requestStop(of: fixture.project, receipt: UUID(), by: .test) },
                    { _ = try await leader.finishIntent("1-1") },
                    { _ = try await store.ping() },
                    { _ = try await store.scans(of: fixture.project, limit: 1) },
                    { _ = try await LeaderLock(redis: fixture.redis, witness: witness).observe() },
                ]
                for deed in deeds {
                    let error = try await #require(throws: StoreError.self) { try await deed() }
                    #expect(error.code == .foreignInstallation)
                }
                #expect(witness.foreign?.expected == known && witness.foreign?.found == replacement)
            }
            _ = try await fixture.redis.execute(["HSET", "tasker:installation", "id", .string(known)])
            try await store.ping()
            #expect(witness.foreign == nil, "the data was put back")
        }
    }

    @Test("a process that was told its installation takes no other one, not even none")
    func pinned() async throws {
        try await withFixture { fixture in
            _ = try await fixture.redis.execute(["FLUSHDB"])
            let lock = LeaderLock(redis: fixture.redis, witness: StoreWitness(installation: "mine"))
            let nobody = LeaderLock.Observation(epoch: "", renewals: "", holder: "")
            let error = try await #require(throws: StoreError.self) {
                _ = try await lock.acquire(for: "first", observed: nobody)
            }
            #expect(error.code == .foreignInstallation)
            #expect(try await fixture.redis.execute(["DBSIZE"]).int == 0)
        }
    }

    @Test("once a person has given an installation up, those who work for it go on, under a higher epoch")
    func acceptance() async throws {
        try await withFixture { fixture in
            let witness = StoreWitness()
            let lock = LeaderLock(redis: fixture.redis, witness: witness)
            _ = try await fixture.redis.execute(["HSET", "tasker:lock", "epoch", "99000000000"])
            _ = try await lock.observe()
            let known = try #require(witness.installation)
            #expect(try await lock.accept(insteadOf: known) == false, "its data is there")

            _ = try await fixture.redis.execute(["FLUSHDB"])
            let person = LeaderLock(redis: fixture.redis)
            #expect(try await person.accept(insteadOf: "a mistake"))
            let error = try await #require(throws: StoreError.self) { _ = try await lock.observe() }
            #expect(error.code == .foreignInstallation)
            #expect(try await person.accept(insteadOf: known))
            guard case .acquired(let term) = try await lock.acquire(for: "first", observed: try await lock.observe())
            else { throw CancellationError() }
            #expect(term.installation != known && term.installation == witness.installation)
            #expect(term.epoch > 99_000_000_000, "the clock alone would give a lower one")
        }
    }
}

/// Losses as they were reported.
private final class Losses: Sendable {
    private let reported = Mutex<[LostWrites]>([])

    var counts: [Int64] { reported.withLock { $0.map(\.count) } }

    func append(_ lost: LostWrites) {
        reported.withLock { $0.append(lost) }
    }
}
