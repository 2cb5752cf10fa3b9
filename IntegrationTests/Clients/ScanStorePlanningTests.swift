import AddressSpace
import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing

/// Accepting, planning and pacing scans, against a real server.
@Suite(.timeLimit(.minutes(2)))
struct ScanStorePlanningTests {
    private func submit(
        _ request: ScanRequest,
        as id: ScanID,
        key: String?,
        _ fixture: StoreFixture
    ) async throws -> ScanID {
        try await fixture.store.submit(
            request,
            as: id,
            for: fixture.project,
            by: .test,
            idempotencyKey: key,
            atMilliseconds: 1
        )
    }

    @Test("under one idempotency key the same request is one scan, and another request a conflict")
    func idempotency() async throws {
        try await withFixture { fixture async throws in
            let first = ScanID(UUID())
            #expect(try await submit(StoreFixture.request, as: first, key: "k", fixture) == first)
            #expect(try await submit(StoreFixture.request, as: ScanID(UUID()), key: "k", fixture) == first)
            var other = StoreFixture.request
            other.exclude = ["20.0.0.1"]
            let error = await #expect(throws: StoreError.self) {
                _ = try await submit(other, as: ScanID(UUID()), key: "k", fixture)
            }
            #expect(error?.code == .conflict)
            let unkeyed = ScanID(UUID())
            #expect(try await submit(StoreFixture.request, as: unkeyed, key: nil, fixture) == unkeyed)
            #expect(try await fixture.store.scans(of: fixture.project, limit: 10).count == 3)
        }
    }

    @Test("one of many that submit at once under one key is accepted, and the others get its scan")
    func concurrentSubmissions() async throws {
        try await withFixture { fixture async throws in
            let ids = try await withThrowingTaskGroup(of: ScanID.self) { group in
                for _ in 0..<32 {
                    group.addTask { try await submit(StoreFixture.request, as: ScanID(UUID()), key: "k", fixture) }
                }
                return try await group.reduce(into: Set<ScanID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await fixture.store.scans(of: fixture.project, limit: 100).count == 2)
        }
    }

    @Test("a scan that the leader pauses says why until a user resumes it; the leader hears of it as of any pause")
    func pauseOfFailing() async throws {
        try await withFixture { fixture in
            let (leader, store) = (fixture.leader, fixture.store)
            #expect(try await leader.pause(fixture.scan, because: "paused: too much fails"))
            #expect(try await !leader.pause(fixture.scan, because: "again"), "it is paused already")
            var progress = try #require(try await store.progress(of: fixture.scan, in: fixture.project))
            #expect(progress.state == .paused && progress.detail == "paused: too much fails")
            let claim = [Claim(task: fixture.task(0), source: .fresh)]
            #expect(try await leader.claim(claim, of: fixture.scan, cursor: 0, to: 1) == nil)
            #expect(try await leader.intents(limit: 10).intents.map(\.kind) == [.start(fixture.scan), .pace])
            #expect(try await leader.pausedScans(of: fixture.project) == [fixture.scan])
            _ = try await store.pace(.running, project: fixture.project, by: .test)
            progress = try #require(try await store.progress(of: fixture.scan, in: fixture.project))
            #expect(progress.state != .paused && progress.detail == nil)
            _ = try await store.requestStop(of: fixture.project, receipt: UUID(), by: .test)
            #expect(try await !leader.pause(fixture.scan, because: "a stop is on its way"))
        }
    }

    @Test("of a paused scan nothing is claimed, and it goes on where it was once resumed")
    func pace() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<1)
            #expect(try await fixture.store.pace(.paused, project: fixture.project, by: .test) == [fixture.scan])
            let claim = [Claim(task: fixture.task(1), source: .fresh)]
            #expect(try await fixture.leader.claim(claim, of: fixture.scan, cursor: 1, to: 2) == nil)
            #expect(try await fixture.leader.activeScan(fixture.scan)?.isPaused == true)
            #expect(try await fixture.store.progress(of: fixture.scan, in: fixture.project)?.state == .paused)
            #expect(try await fixture.leader.pausedScans(of: fixture.project) == [fixture.scan])
            #expect(
                try await fixture.store.pace(.running, project: fixture.project, scan: fixture.scan, by: .test) == [
                    fixture.scan
                ]
            )
            #expect(try await fixture.leader.pausedScans(of: fixture.project) == [])
            try await fixture.claim(1..<2)
        }
    }

    @Test("however often a project is paused, one intent waits; after it was read the next pause makes another")
    func paceIntents() async throws {
        try await withFixture { fixture async throws in
            func paceIntents() async throws -> Int {
                try await fixture.leader.intents(limit: 100).intents.count { $0.kind == .pace }
            }
            for pace in [ScanStore.Pace.paused, .running, .paused, .paused] {
                _ = try await fixture.store.pace(pace, project: fixture.project, by: .test)
            }
            #expect(try await paceIntents() == 1)
            _ = try await fixture.leader.pausedScans(of: fixture.project)
            _ = try await fixture.store.pace(.running, project: fixture.project, by: .test)
            #expect(try await paceIntents() == 2)
        }
    }

    @Test("a project can pause its own scans only")
    func paceTenancy() async throws {
        try await withFixture { fixture async throws in
            let other = ProjectID(UUID())
            #expect(try await fixture.store.pace(.paused, project: other, by: .test) == [])
            #expect(try await fixture.store.pace(.paused, project: other, scan: fixture.scan, by: .test) == [])
            #expect(try await fixture.leader.activeScan(fixture.scan)?.isPaused == false)
            #expect(try await fixture.store.request(of: fixture.scan, in: other) == nil)
            #expect(try await fixture.store.request(of: fixture.scan, in: fixture.project) == StoreFixture.request)
        }
    }

    @Test("a target whose network has no room is parked, is counted so, and comes back")
    func passedOver() async throws {
        try await withFixture { fixture async throws in
            let claims = [
                Claim(task: fixture.task(3), source: .fresh), Claim(task: fixture.task(1), source: .passedOver),
            ]
            #expect(try await fixture.leader.claim(claims, of: fixture.scan, cursor: 0, to: 2) == [true, true])
            var counts = try await fixture.counts()
            #expect(counts.inFlight == 1 && counts.parked == 1 && counts.pending == 2)
            let tasks = try #require(try await fixture.leader.activeScan(fixture.scan)).tasks
            #expect(tasks.first { $0.task.target == 1 }?.state == .parked)
            let back = [Claim(task: fixture.task(1), source: .parked)]
            #expect(try await fixture.leader.claim(back, of: fixture.scan, cursor: 2, to: 2) == [true])
            counts = try await fixture.counts()
            #expect(counts.inFlight == 2 && counts.parked == 0 && counts.pending == 2)
        }
    }

    @Test("refusals and names come back as they were stored, and take little room")
    func refusals() async throws {
        try await withFixture(planned: false) { fixture async throws in
            let covering = ScanID(UUID())
            let network = AddressSet([.v4(0x1400_0000...0x14FF_FFFF)])
            let names = Dictionary(
                uniqueKeysWithValues: (0..<10_000).map { (IPAddress.v4(0x1400_0000 + $0), ["host-\($0).corp.example"]) }
            )
            let refusals = PlanRefusals(
                groups: [
                    .init(reason: .forbidden, addresses: AddressSet([AddressRange(.v6(1))])),
                    .init(reason: .alreadyInQueue, coveringScan: covering, addresses: network),
                ],
                unresolvable: ["nosuch.corp.example"],
                hostnames: names
            )
            let plan = Plan(targets: AddressSet([AddressRange(.v4(0x1500_0001))]), hostnames: [:], seed: 1)
            let answer = PlanAnswer.pending(scanID: fixture.scan, state: .running)
            #expect(try await fixture.commit(plan, answer, refusals: refusals))
            let report = try #require(try await fixture.store.report(of: fixture.scan, in: fixture.project))
            #expect(report.refusals == refusals)
            let requeued = try await fixture.leader.targets(of: Requeue(.refused, of: fixture.scan))
            #expect(requeued == RequeuedTargets(addresses: network, hostnames: names))
            let stored = try await fixture.redis.execute(["STRLEN", "tasker:scan:\(fixture.scan):refusals"])
            guard case .integer(let bytes) = stored else { throw CancellationError() }
            #expect(bytes < 10_000 * 16)
        }
    }

    @Test("what failed or was done in part is what a requeue of failures leads to")
    func failures() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<4)
            let outcomes: [Outcome] = [.failed, .done, .donePartial, .failed]
            let settlements = outcomes.enumerated().map { Settlement(task: fixture.task($0), outcome: $1) }
            #expect(try await fixture.leader.settle(settlements, of: fixture.scan) == [true, true, true, true])
            let requeued = try #require(try await fixture.leader.targets(of: Requeue(.failed, of: fixture.scan)))
            #expect(requeued.addresses.ranges.map(\.description) == ["20.0.0.1", "20.0.0.3-20.0.0.4"])
            #expect(requeued.hostnames.isEmpty)
            #expect(try await fixture.leader.targets(of: Requeue(.failed, of: ScanID(UUID()))) == nil)
        }
    }

    @Test("a dry run ends with its plan, and nothing of it can be claimed")
    func dryRun() async throws {
        try await withFixture(planned: false) { fixture async throws in
            let targets = AddressSet([try #require(AddressRange(.v4(0x1400_0001), .v4(0x1400_0004)))])
            let plan = Plan(targets: targets, hostnames: [:], seed: 7)
            var answer = PlanAnswer.pending(scanID: fixture.scan, state: .dryRun)
            answer.summary.sentToScan = 4
            #expect(try await fixture.commit(plan, answer, isDryRun: true))
            let progress = try #require(try await fixture.store.progress(of: fixture.scan, in: fixture.project))
            #expect(progress.state == .dryRun)
            #expect(progress.counts.planned == 4 && progress.counts.pending == 4)
            #expect(try await fixture.store.status(of: fixture.project).activeOrQueued == 0)
            #expect(try await fixture.leader.activeScan(fixture.scan) == nil)
            let claim = [Claim(task: fixture.task(0), source: .fresh)]
            #expect(try await fixture.leader.claim(claim, of: fixture.scan, cursor: 0, to: 1) == nil)
        }
    }
}
