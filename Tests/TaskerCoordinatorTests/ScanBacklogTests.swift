import AddressSpace
import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct ScanBacklogTests {
    private func backlog(_ scan: ActiveScan) -> ScanBacklog {
        ScanBacklog(scan, known: nil, now: ContinuousClock().now, unixMilliseconds: 0)
    }

    @Test("open targets are exactly those behind the cursor and those in flight or parked, at any cursor")
    func openTargets() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            let count = Int.random(in: 1...2_000, using: &random)
            let cursor = Int.random(in: 0...count, using: &random)
            let all = ActiveScan.running(targets: count)
            let plan = try #require(all.plan)
            let order = DispatchOrder(count: UInt64(count), seed: plan.seed)
            let walked = (0..<cursor).map { Int(order[UInt64($0)]) }
            let tasks = walked.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            let scan = ActiveScan.running(
                targets: count,
                cursor: cursor,
                tasks: tasks.map { ($0, .openPorts, Bool.random(using: &random) ? .queued : .parked) }
            )
            let open = (cursor..<count).map { Int(order[UInt64($0)]) } + tasks
            #expect(backlog(scan).openTargets == AddressSet(open.map { AddressRange(plan.address(of: $0)) }))
        }
    }

    @Test("open targets of a /8 in the middle of its dispatch are counted exactly")
    func openTargetsOfALargeScan() {
        let scan = ActiveScan.running(from: 0x1400_0000, targets: 1 << 24, cursor: 5_000_001)
        #expect(backlog(scan).openTargets.count == UInt64((1 << 24) - 5_000_001))
    }

    @Test("fresh targets whose network has no room are passed over, and the cursor goes on, as far as the look-ahead")
    func passedOver() throws {
        var backlog = backlog(.running(targets: 256))
        var admission = Admission(PolitenessLimits(perTarget: 0, perNetwork: 3))
        let batch = try #require(backlog.nextFirst(atMost: 10, lookAhead: 40, admission: &admission))
        #expect(batch.claims.prefix(3).allSatisfy { $0.source == .fresh })
        #expect(batch.claims.dropFirst(3).allSatisfy { $0.source == .passedOver })
        #expect(batch.cursorAfter == 40)
        #expect(batch.dispatches == 3)
        admission.endChoice()
        #expect(admission.politeness.isEmpty, "what is chosen is not in flight yet")
    }

    @Test("a full parked set stops the cursor")
    func parkedLimit() throws {
        let limit = ScanBacklog.parkedLimit
        let parked = (0..<(limit - 5)).map { ($0, Phase.openPorts, TaskState.parked) }
        var scan = backlog(.running(targets: 4_000, cursor: limit, tasks: parked))
        var admission = Admission(PolitenessLimits(perTarget: 0, perNetwork: 1))
        admission.enter(.v4(0x1400_0000))
        let neighbours = try #require(scan.nextFirst(atMost: 10, lookAhead: 40, admission: &admission))
        #expect(neighbours.claims.count { $0.source == .passedOver } <= 5)
        let full = (0..<limit).map { ($0, Phase.openPorts, TaskState.parked) }
        scan = backlog(.running(targets: 4_000, cursor: limit, tasks: full))
        #expect(scan.nextFirst(atMost: 10, lookAhead: 40, admission: &admission) == nil)
        #expect(!scan.wantsRoom)
    }
}
