import AddressSpace
import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing

/// What a report shows of a scan, over a real server: the outcomes as Redis' BITFIELD lays them out.
@Suite(.timeLimit(.minutes(2)))
struct ScanReportTests {
    private func standings(_ fixture: StoreFixture) async throws -> [TargetStanding] {
        let report = try #require(try await fixture.store.report(of: fixture.scan, in: fixture.project))
        let moment = try #require(try await fixture.store.moment(of: fixture.scan, in: fixture.project))
        let outcomes = try await fixture.store.outcomes(of: fixture.scan, chunk: 0)
        return report.standings(inChunk: 0, outcomes: outcomes, at: moment)
    }

    private func settle(_ target: Int, _ outcome: Outcome, _ reason: FailureReason?, _ fixture: StoreFixture)
        async throws
    {
        let settlement = Settlement(
            task: fixture.task(target),
            outcome: outcome,
            reason: reason,
            detail: "d \"\(target)\""
        )
        #expect(try await fixture.leader.settle([settlement], of: fixture.scan) == [true])
    }

    @Test("every target stands where the leader put it, with its reason")
    func everyStanding() async throws {
        try await withFixture { fixture in
            #expect(try await standings(fixture) == [.pending, .pending, .pending, .pending])
            try await fixture.claim(0..<3)
            try await settle(1, .failed, .timedOut, fixture)
            let parking = Parking(task: fixture.task(2), nextAttempt: 2, notBefore: 9)
            try await fixture.leader.confirm([fixture.task(2)], of: fixture.scan)
            #expect(try await fixture.leader.park([parking], of: fixture.scan) == [true])
            #expect(try await standings(fixture) == [.inFlight, .failed, .parked, .pending])
            try await settle(0, .donePartial, .tooManyPorts, fixture)
            #expect(try await standings(fixture) == [.donePartial, .failed, .parked, .pending])
            let report = try #require(try await fixture.store.report(of: fixture.scan, in: fixture.project))
            #expect(report.plan.count == 4)
            #expect(report.plan.hostnames == [.v4(0x1400_0002): ["a.test.example"]])
            let remarks = try await fixture.store.remarks(of: fixture.scan)
            #expect(remarks[1] == .init(reason: .timedOut, detail: "d \"1\""))
            #expect(remarks.keys.sorted() == [0, 1])
            let some = try await fixture.store.remarks(of: fixture.scan, on: [1, 2, 3])
            let none = try await fixture.store.remarks(of: fixture.scan, on: [])
            #expect(some == [1: .init(reason: .timedOut, detail: "d \"1\"")] && none.isEmpty)
            _ = try await fixture.leader.stop(fixture.scan, keepsInBetween: true)
            #expect(try await standings(fixture) == [.donePartial, .failed, .cancelled, .cancelled])
        }
    }

    @Test("outcomes are read from the place that BITFIELD wrote them to, in every chunk")
    func chunks() async throws {
        try await withFixture(planned: false) { fixture in
            let lower: UInt32 = 0x1400_0000
            let count = UInt32(ScanStore.outcomesPerChunk + 7)
            let refused = PlanRefusals(
                groups: [.init(reason: .privateIP, addresses: AddressSet([.v4(10...12)]))],
                unresolvable: ["x.test"]
            )
            let plan = Plan(targets: AddressSet([.v4(lower...(lower + count - 1))]), hostnames: [:], seed: 7)
            let answer = PlanAnswer.pending(scanID: fixture.scan, state: .running)
            #expect(try await fixture.commit(plan, answer, refusals: refused))
            let targets = [0, 1, 2, 3, 4, 65_535, 65_536, 65_537, 65_542]
            let claims = targets.map { Claim(task: fixture.task($0), source: .fresh) }
            _ = try await fixture.leader.claim(claims, of: fixture.scan, cursor: 0, to: targets.count)
            for (index, target) in targets.enumerated() {
                try await settle(target, Outcome.allCases[index % 3], nil, fixture)
            }
            let report = try #require(try await fixture.store.report(of: fixture.scan, in: fixture.project))
            let moment = try #require(try await fixture.store.moment(of: fixture.scan, in: fixture.project))
            #expect(report.chunks == 2 && report.refusals == refused)
            var found: [Int: TargetStanding] = [:]
            for chunk in 0..<2 {
                let outcomes = try await fixture.store.outcomes(of: fixture.scan, chunk: chunk)
                #expect(outcomes.count <= ScanStore.outcomesPerChunk / 4)
                let standings = report.standings(inChunk: chunk, outcomes: outcomes, at: moment)
                for (offset, standing) in standings.enumerated() where standing != .pending {
                    found[chunk * ScanStore.outcomesPerChunk + offset] = standing
                }
            }
            let expected = targets.indices.map { [TargetStanding.done, .donePartial, .failed][$0 % 3] }
            #expect(found == Dictionary(uniqueKeysWithValues: zip(targets, expected)))
        }
    }

    @Test("there is no report of another project's scan, and none without a plan")
    func nothing() async throws {
        try await withFixture { fixture in
            let elsewhere = try await fixture.store.report(of: fixture.scan, in: ProjectID(UUID()))
            let unknown = try await fixture.store.report(of: ScanID(UUID()), in: fixture.project)
            #expect(elsewhere == nil && unknown == nil)
            let momentElsewhere = try await fixture.store.moment(of: fixture.scan, in: ProjectID(UUID()))
            let unknownMoment = try await fixture.store.moment(of: ScanID(UUID()), in: fixture.project)
            #expect(momentElsewhere == nil && unknownMoment == nil)
        }
        try await withFixture(planned: false) { fixture in
            let unplanned = try await fixture.store.report(of: fixture.scan, in: fixture.project)
            let moment = try await fixture.store.moment(of: fixture.scan, in: fixture.project)
            #expect(unplanned == nil && moment == nil)
        }
    }

    @Test("the targets of a dry run are pending for ever")
    func dryRun() async throws {
        try await withFixture(planned: false) { fixture in
            let plan = Plan(targets: AddressSet([.v4(1...3)]), hostnames: [:], seed: 7)
            let answer = PlanAnswer.pending(scanID: fixture.scan, state: .dryRun)
            _ = try await fixture.commit(plan, answer, isDryRun: true)
            #expect(try await standings(fixture) == [.pending, .pending, .pending])
        }
    }
}
