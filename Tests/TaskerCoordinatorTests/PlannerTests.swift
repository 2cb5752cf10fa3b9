import AddressSpace
import Foundation
import NameResolution
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct PlannerTests {
    private func address(_ text: String) throws -> IPAddress {
        try #require(IPAddress(text))
    }

    private func patterns(_ texts: String...) throws -> HostPatterns {
        HostPatterns(try texts.map { try HostPattern(parsing: $0) })
    }

    private func scope(allowed: HostPatterns? = nil, denied: HostPatterns = HostPatterns()) -> ScopeGuard {
        ScopeGuard(allowsPrivateTargets: false, allowsLoopbackTargets: false, allowed: allowed, denied: denied)
    }

    private func committed(_ world: PlanningWorld) throws -> PlanningWorld.Committed {
        try #require(world.content.committed)
    }

    @Test("the coordinator may die between any two steps of planning, and the plan comes out the same")
    func killedAtEachStep() async throws {
        func world() throws -> PlanningWorld {
            let world = PlanningWorld()
            world.name("a.test.example", "20.0.0.1", "20.0.0.2")
            world.name("b.test.example", "20.0.0.1")
            world.name("known.test.example", "20.0.0.9")
            world.name("closed.test.example", "20.0.0.77")
            world.name("denied.test.example", "20.0.0.78")
            world.change { $0.known = AddressSet([AddressRange(.v4(0x1400_0009))]) }
            return world
        }
        let hosts = [
            "20.0.0.64/26", "a.test.example", "b.test.example", "known.test.example", "nosuch.test.example", "10.0.0.1",
        ]
        let scan = ActiveScan.accepted(hosts, mode: .insert) { $0.exclude = ["closed.test.example", "20.0.0.70"] }
        let rules = scope(denied: try patterns("denied.test.example"))

        let calm = try world()
        let undisturbed = PlanningLife(calm, ledgerFailures: 1)
        try await undisturbed.plan(scan, scope: rules)
        let expected = try committed(calm)
        #expect(expected.answer.summary.refused[.forbidden] == 3)
        #expect(expected.answer.summary.refused[.alreadyInScanLedger] == 1)
        #expect(undisturbed.stepCount >= 10)

        for step in 0..<undisturbed.stepCount {
            for happens in [false, true] {
                let world = try world()
                let end = PlanningLife.End(step: step, happens: happens)
                try? await PlanningLife(world, end: end, ledgerFailures: 1).plan(scan, scope: rules)
                try await PlanningLife(world).plan(scan, scope: rules)
                #expect(try committed(world) == expected, "killed at step \(step), which happens: \(happens)")
                #expect(world.content.merged == calm.content.merged)
            }
        }
    }

    @Test("the dispatch order belongs to the scan, not to the attempt at planning it")
    func seed() async throws {
        let scan = ActiveScan.accepted(["20.0.0.0/24"])
        let first = PlanningWorld()
        let second = PlanningWorld()
        try await PlanningLife(first).plan(scan)
        try await PlanningLife(second).plan(scan)
        #expect(try committed(first).plan.seed == committed(second).plan.seed)
        let other = PlanningWorld()
        try await PlanningLife(other).plan(.accepted(["20.0.0.0/24"]))
        #expect(try committed(first).plan.seed != committed(other).plan.seed)
    }

    @Test("what is excluded is not scanned, however it is named: networks as a whole, names with all their addresses")
    func exclusions() async throws {
        let world = PlanningWorld()
        world.name("db.test.example", "20.0.1.9", "20.0.1.10")
        world.name("web.test.example", "20.0.1.9")
        let scan = ActiveScan.accepted(["20.0.0.0/23", "20.0.0.255", "web.test.example"]) {
            $0.exclude = ["20.0.0.0/24", "DB.test.example."]
        }
        try await PlanningLife(world).plan(scan)
        let plan = try committed(world)
        #expect(plan.answer.summary.refused == [.forbidden: 255 + 2])
        #expect(plan.plan.count == 510 - 255 - 2)
        #expect(!plan.plan.targets.contains(try address("20.0.0.255")))
        #expect(plan.plan.targets.contains(try address("20.0.1.0")))
        #expect(!plan.plan.targets.contains(try address("20.0.1.9")))
    }

    @Test("an excluded name without an address is refused: what it was to protect might be scanned")
    func unknownExclusion() async throws {
        let world = PlanningWorld()
        world.name("a.test.example", "20.0.0.1")
        let scan = ActiveScan.accepted(["a.test.example"]) { $0.exclude = ["typo.test.example"] }
        await #expect(throws: Planner.Refusal.self) { try await PlanningLife(world).plan(scan) }
        #expect(world.content.committed == nil)
    }

    @Test("an excluded name of which one family is not known is refused: the other half would stay open")
    func halfKnownExclusion() async throws {
        let world = PlanningWorld()
        world.name("db.test.example", "20.0.0.5", "2600::5")
        world.change { $0.silentIPv6 = ["db.test.example"] }
        let scan = ActiveScan.accepted(["20.0.0.0/29", "2600::/125"]) { $0.exclude = ["db.test.example"] }
        await #expect(throws: Planner.Refusal.self) { try await PlanningLife(world).plan(scan) }
        world.change { $0.silentIPv6 = [] }
        try await PlanningLife(world).plan(scan)
        #expect(try committed(world).answer.summary.refused == [.forbidden: 2])
    }

    @Test("a hosts file does not hide what an excluded name's addresses are, and one that leads nowhere is refused")
    func hostsFileExclusion() async throws {
        let world = PlanningWorld()
        world.name("db.test.example", "20.0.0.5")
        world.change { $0.hostsFile = ["db.test.example": [.v4(0x7F00_0101)]] }
        try await PlanningLife(world).plan(.accepted(["20.0.0.0/29"]) { $0.exclude = ["db.test.example"] })
        #expect(try committed(world).answer.summary.refused == [.forbidden: 1])

        let sinkhole = PlanningWorld()
        sinkhole.name("db.test.example", "0.0.0.0")
        let scan = ActiveScan.accepted(["20.0.0.0/29"]) { $0.exclude = ["db.test.example"] }
        await #expect(throws: Planner.Refusal.self) { try await PlanningLife(sinkhole).plan(scan) }
    }

    @Test("an IPv4-mapped exclusion means the IPv4 addresses")
    func mappedExclusion() async throws {
        let world = PlanningWorld()
        let scan = ActiveScan.accepted(["20.0.0.0/29"]) { $0.exclude = ["::ffff:20.0.0.1", "::ffff:1400:4/127"] }
        try await PlanningLife(world).plan(scan)
        #expect(try committed(world).plan.targets.ranges.map(\.description) == ["20.0.0.2-20.0.0.3", "20.0.0.6"])
    }

    @Test("what another scan had to do when ScanLedger was read stays its own, though it is through by the commit")
    func finishesWhilePlanning() async throws {
        let world = PlanningWorld()
        let other = ScanID(UUID())
        let earlier = Coverage(scan: other, openTargets: AddressSet([AddressRange(.v4(0x1400_0001))]))
        try await PlanningLife(world).plan(.accepted(["20.0.0.0/30"], mode: .insert), earlier: [earlier])
        let plan = try committed(world)
        #expect(plan.answer.summary.refused == [.alreadyInQueue: 1])
        #expect(plan.refusals.groups.first?.coveringScan == other)
    }

    @Test("names that lead to too many addresses are refused too")
    func tooManyAddresses() async throws {
        let world = PlanningWorld()
        world.change { content in
            content.answers["a.test.example"] = .addresses((0..<300).map { .v4(0x1400_0000 + $0) })
        }
        let life = PlanningLife(world)
        await #expect(throws: Planner.Refusal.self) {
            try await life.plan(.accepted(["a.test.example"]), maximumTargets: 250)
        }
    }

    @Test("a denied name closes its addresses also where they are named directly, a denied domain those of its names")
    func deniedNames() async throws {
        let world = PlanningWorld()
        world.name("db.corp.example", "20.0.0.5")
        world.name("vault.internal.example", "20.0.0.6")
        let scan = ActiveScan.accepted(["20.0.0.4-20.0.0.7", "vault.internal.example"])
        try await PlanningLife(world).plan(
            scan,
            scope: scope(denied: try patterns("db.corp.example", "*.internal.example"))
        )
        let plan = try committed(world)
        #expect(plan.answer.summary.refused == [.forbidden: 2])
        #expect(plan.plan.count == 2)
    }

    @Test("an allowed domain opens the addresses of its names, and denial wins over it")
    func allowedNames() async throws {
        let world = PlanningWorld()
        world.name("www.good.example", "20.0.0.1")
        world.name("old.good.example", "20.0.0.2")
        world.name("www.other.example", "20.0.0.3")
        let scan = ActiveScan.accepted(["www.good.example", "old.good.example", "www.other.example", "20.0.0.4"])
        let rules = scope(allowed: try patterns("*.good.example", "20.0.0.4"), denied: try patterns("20.0.0.2"))
        try await PlanningLife(world).plan(scan, scope: rules)
        let plan = try committed(world)
        #expect(plan.plan.targets.ranges.map(\.description) == ["20.0.0.1", "20.0.0.4"])
        #expect(plan.answer.summary.refused == [.forbidden: 2])
        #expect(rules.permits(try address("20.0.0.1"), names: ["www.good.example"]))
        #expect(!rules.permits(try address("20.0.0.1"), names: []))
        #expect(!rules.permits(try address("20.0.0.2"), names: ["old.good.example"]))
        #expect(!rules.permits(try address("10.0.0.4"), names: ["www.good.example"]))
    }

    @Test("while ScanLedger is away the plan waits and says so; it never takes that for nothing known")
    func waitsForScanLedger() async throws {
        let world = PlanningWorld()
        world.change { $0.known = AddressSet([AddressRange(.v4(0x1400_0001))]) }
        try await PlanningLife(world, ledgerFailures: 3).plan(.accepted(["20.0.0.0/30"], mode: .insert))
        #expect(world.content.states == Array(repeating: .waitingForScanLedger, count: 3) + [.planning])
        #expect(try committed(world).answer.summary.refused == [.alreadyInScanLedger: 1])
    }

    @Test("too many targets are refused by how much, counted on the union and before any name is asked for")
    func tooMany() async throws {
        let life = PlanningLife(PlanningWorld())
        let scan = ActiveScan.accepted(["20.0.0.0/24", "20.0.0.0/25", "a.test.example"])
        let error = await #expect(throws: Planner.Refusal.self) { try await life.plan(scan, maximumTargets: 250) }
        #expect(
            error?.description
                == "the hosts name 255 targets, 5 more than the 250 that one scan may have"
        )
        #expect(life.stepCount == 0)
    }

    @Test("a dry run has the plan and leaves ScanLedger as it is")
    func dryRun() async throws {
        let world = PlanningWorld()
        world.name("known.test.example", "20.0.0.1")
        world.change { $0.known = AddressSet([AddressRange(.v4(0x1400_0001))]) }
        let scan = ActiveScan.accepted(["20.0.0.0/29", "known.test.example"], mode: .insert) { $0.isDryRun = true }
        try await PlanningLife(world).plan(scan)
        let plan = try committed(world)
        #expect(plan.isDryRun)
        #expect(plan.answer.state == .dryRun)
        #expect(plan.answer.summary.sentToScan == 5)
        #expect(world.content.merged.isEmpty)
    }

    @Test("targets of an earlier scan are taken up again, with their names, and go through the scope guard")
    func requeue() async throws {
        let world = PlanningWorld()
        let requeue = Requeue(.refused, of: ScanID(UUID()))
        let queued = AddressSet([try #require(AddressRange(try address("20.0.0.8"), try address("20.0.0.11")))])
        world.change { content in
            content.requeued[requeue] = RequeuedTargets(
                addresses: queued,
                hostnames: [.v4(0x1400_0008): ["a.test.example"], .v4(0x1400_0001): ["b.test.example"]]
            )
        }
        let scan = ActiveScan.accepted(["20.0.0.0/28"]) {
            $0.requeues = requeue
            $0.exclude = ["20.0.0.11"]
        }
        try await PlanningLife(world).plan(scan)
        let plan = try committed(world)
        #expect(plan.plan.targets.ranges.map(\.description) == ["20.0.0.8-20.0.0.10"])
        #expect(plan.plan.hostnames == [.v4(0x1400_0008): ["a.test.example"]])
        #expect(plan.answer.summary.provided == 4 && plan.answer.summary.refused == [.forbidden: 1])
    }
}
