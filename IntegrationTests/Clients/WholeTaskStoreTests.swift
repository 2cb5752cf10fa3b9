import AddressSpace
import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing
import UUIDText

/// The keys that are shared with existing workers, against a real server.
@Suite(.timeLimit(.minutes(2)))
struct WholeTaskStoreTests {
    private static let user = UUID()
    private static let shared = ["project:*", "user:*", "task:*", "lock:*", "running*"]

    private func claim(_ targets: Range<Int>, _ fixture: StoreFixture) async throws {
        let plan = try #require(try await fixture.leader.activeScan(fixture.scan)?.plan)
        let claims = targets.map { Claim(task: fixture.task($0), source: .fresh) }
        let granted = try await fixture.leader.claim(
            claims,
            of: fixture.scan,
            cursor: targets.lowerBound,
            to: targets.upperBound,
            announcing: WholeTaskAnnouncement(user: Self.user, ports: "80 443", plan: plan)
        )
        #expect(granted == targets.map { _ in true })
    }

    private func sharedKeys(_ redis: RedisClient) async throws -> Set<String> {
        var keys: Set<String> = []
        for pattern in Self.shared {
            guard case .array(let found) = try await redis.execute(["KEYS", .string(pattern)]) else { continue }
            for case .bulk(let name) in found { keys.insert(String(decoding: name, as: UTF8.self)) }
        }
        return keys
    }

    @Test("who chains the phases is decided once, whoever decides again")
    func decision() async throws {
        try await withFixture { fixture async throws in
            #expect(try await fixture.leader.activeScan(fixture.scan)?.chaining == nil)
            #expect(try await fixture.leader.decideChaining(.worker, of: fixture.scan) == .worker)
            #expect(try await fixture.leader.decideChaining(.coordinator, of: fixture.scan) == .worker)
            #expect(try await fixture.leader.activeScan(fixture.scan)?.chaining == .worker)
            #expect(try await fixture.leader.decideChaining(.worker, of: ScanID(UUID())) == nil)
        }
    }

    @Test("a scan that was begun before there was a choice is the coordinator's")
    func begunBefore() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<1)
            #expect(try await fixture.leader.activeScan(fixture.scan)?.chaining == .coordinator)
            #expect(try await sharedKeys(fixture.redis).isEmpty)
        }
    }

    @Test(
        "a claim announces the task under the keys that workers expect, for a bounded time, and they are removed again"
    )
    func keys() async throws {
        try await withFixture { fixture async throws in
            try await claim(0..<2, fixture)
            let task = fixture.task(0).taskID
            let project = "project:\(fixture.project)"
            let own = [
                "task:\(task.text):metadata:nmap", "\(project):ip:20.0.0.1:task_ids",
                "lock:\(project):ip:20.0.0.1:ports:80 443",
            ]
            let keys = try await sharedKeys(fixture.redis)
            #expect(keys.isSuperset(of: own + ["\(project):task_ids", "user:\(Self.user.text):task_ids"]))
            for key in keys {
                guard case .integer(let seconds) = try await fixture.redis.execute(["TTL", .string(key)]) else {
                    continue
                }
                #expect((1...604_800).contains(seconds), "\(key)")
            }
            let metadata = try await fixture.redis.execute(["HMGET", .string(own[0]), "ip", "ports"])
            #expect(metadata == .array([.bulk(Array("20.0.0.1".utf8)), .bulk(Array("80 443".utf8))]))
            #expect(try await fixture.leader.announcedTasks(among: [task, UUID()]) == [task])

            try await fixture.leader.forgetWholeTasks([task], on: [])
            #expect(try await sharedKeys(fixture.redis).isDisjoint(with: own))
            try await fixture.leader.forgetWholeTasks([fixture.task(1).taskID], on: [])
            #expect(try await sharedKeys(fixture.redis).isEmpty)
        }
    }

    @Test("where Redis forbids the workers' keys, a claim changes nothing")
    func forbiddenKeys() async throws {
        try await withFixture { fixture async throws in
            let info = try #require(try await fixture.redis.execute(["CLIENT", "INFO"]).string)
            let database = info.split(separator: " ").first { $0.hasPrefix("db=") }
            var configuration = try RedisTesting.sharedServer()
            configuration.database = try #require(database.flatMap { Int($0.dropFirst(3)) })
            configuration.username = "claims-\(fixture.scan)"
            configuration.password = "own-keys-alone"
            let user = RedisArgument.string(try #require(configuration.username))
            _ = try await fixture.redis.execute([
                "ACL", "SETUSER", user, "on", ">own-keys-alone", "~tasker:*", "+@all",
            ])
            let plan = try #require(try await fixture.leader.activeScan(fixture.scan)?.plan)
            try await RedisTesting.withClient(configuration) { redis in
                let restricted = LeaderStore(redis: redis, term: fixture.leader.term)
                _ = try await #require(throws: StoreError.self) {
                    try await restricted.claim(
                        [Claim(task: fixture.task(0), source: .fresh)],
                        of: fixture.scan,
                        cursor: 0,
                        to: 1,
                        announcing: WholeTaskAnnouncement(user: Self.user, ports: "80", plan: plan)
                    )
                }
            }
            _ = try await fixture.redis.execute(["ACL", "DELUSER", user])
            #expect(try await fixture.counts().pending == 4)
            try await claim(0..<1, fixture)
        }
    }

    @Test("a task that was handed out again is another worker's, and what the lost one left is removed with the rest")
    func redelivery() async throws {
        try await withFixture { fixture async throws in
            try await claim(0..<1, fixture)
            let task = fixture.task(0)
            func running(on host: String) -> RunningTarget {
                RunningTarget(ip: "20.0.0.1", hostnames: [], worker: host, startedAt: 5, phase: .openPorts)
            }
            for host in ["one", "two"] {
                let key = "running:task:\(task.taskID.text):host:\(host)"
                let note = #"{"ip":"20.0.0.1","hostnames":[],"worker":"\#(host)","started_at":5}"#
                _ = try await fixture.redis.execute(["RPUSH", .string(key), .string(note)])
                _ = try await fixture.redis.execute([
                    "HSET", .string("running_tool:nmap:\(host)"), .string(task.taskID.text), "77",
                ])
                #expect(try await fixture.leader.track([(task, running(on: host))], of: fixture.scan) == [true])
                #expect(try await fixture.store.status(of: fixture.project).running == [running(on: host)])
            }
            let trace = try await fixture.leader.traces(of: [task.taskID], on: ["one"])[task.taskID]
            #expect(trace?.running?.host == "one")
            #expect(trace?.running?.startedAt == 5)
            #expect(trace?.processHosts == ["one"])
            #expect(trace?.isAnnounced == true)
            #expect(try await fixture.leader.track([(task, nil)], of: fixture.scan) == [true])
            #expect(try await fixture.store.status(of: fixture.project).running.isEmpty)
            #expect(try await fixture.counts().inFlight == 1)

            try await fixture.leader.forgetWholeTasks([task.taskID], on: ["one"])
            #expect(try await sharedKeys(fixture.redis).isEmpty, "the worker that had it last need not be alive")
        }
    }

    @Test("what is being verified is not taken back by news of its worker")
    func endedStaysEnded() async throws {
        try await withFixture { fixture async throws in
            try await claim(0..<1, fixture)
            let task = fixture.task(0)
            #expect(try await fixture.leader.markImports([task], of: fixture.scan) == [.marked])
            #expect(try await fixture.leader.track([(task, nil)], of: fixture.scan) == [false])
            let failed = Settlement(task: task, outcome: .failed, reason: .notInLedger, detail: "x")
            #expect(try await fixture.leader.settle([failed], of: fixture.scan, afterImport: true) == [true])
            #expect(try await fixture.counts().failed == 1)
        }
    }
}
