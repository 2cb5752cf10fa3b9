import AddressSpace
import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// Politeness, window, turns and pauses together, under random events.
struct DispatchSimulationTests {
    private static let limits = [
        PolitenessLimits(perTarget: 2, perNetwork: 6), PolitenessLimits(perTarget: 1, perNetwork: 0),
        PolitenessLimits(perTarget: 0, perNetwork: 3), PolitenessLimits(perTarget: 0, perNetwork: 0),
    ]

    /// Scans of three projects whose addresses overlap in a few networks.
    private func scans() -> [ActiveScan] {
        let projects = (0..<3).map { _ in ProjectID(UUID()) }
        return (0..<9).map { number in
            let first = 0x1400_0000 + UInt32(number % 4) * 100
            return .running(of: projects[number % 3], from: first, targets: 60 + number * 30, priority: number % 10)
        }
    }

    @Test(
        "no limit is ever exceeded, nothing that may go is overlooked, and every target comes to its end",
        arguments: limits
    )
    func everything(limits: PolitenessLimits) async {
        let scans = scans()
        var simulation = await DispatchSimulation(scans, limits: limits, window: 40, seed: 17)
        for step in 0..<10_000 {
            await simulation.step()
            if step.isMultiple(of: 20) {
                let miscounts = await simulation.book.miscounts()
                #expect(miscounts == [], "after step \(step)")
                #expect(simulation.violations == [], "after step \(step)")
                guard miscounts == [], simulation.violations == [] else { return }
            }
        }
        #expect(await simulation.finish())
        #expect(simulation.violations == [])
        for scan in scans {
            let count = scan.plan?.count ?? 0
            #expect(simulation.settled[scan.id] == Set(0..<count))
            let first = simulation.firstDispatches[scan.id, default: [:]]
            #expect(first.count == count)
            #expect(first.values.allSatisfy { $0 == 1 })
        }
        #expect(await simulation.book.inFlight == 0)
        #expect(await simulation.book.admission.politeness.isEmpty)
        #expect(await simulation.book.admission.waits.isEmpty)
    }

    @Test("a /24 never has more than its limit in flight, whether one scan covers it or many do", arguments: [1, 5])
    func oneNetwork(scanCount: Int) async {
        let scans = (0..<scanCount).map { _ in ActiveScan.running(targets: 256) }
        let limits = PolitenessLimits(perTarget: 4, perNetwork: 32)
        var simulation = await DispatchSimulation(scans, limits: limits, window: 4_096, seed: 19)
        await simulation.dispatchAll()
        #expect(simulation.outstanding.count == 32)
        for _ in 0..<2_000 { await simulation.step() }
        #expect(await simulation.finish())
        #expect(simulation.violations == [])
        #expect(simulation.settled.values.allSatisfy { $0.count == 256 })
    }

    @Test("a network larger than the parked set holds up its own scan only, and that one finishes too")
    func fullParkedSet() async throws {
        let network = try #require(AddressRange(.v6(0x2001_0db8 << 96), .v6(0x2001_0db8 << 96 | 2_999)))
        let large = ActiveScan(
            id: ScanID(UUID()),
            project: ProjectID(UUID()),
            request: .anything(),
            state: .running,
            isStopRequested: false,
            isPaused: false,
            plan: Plan(targets: AddressSet([network]), hostnames: [:], seed: 1),
            cursor: 0,
            tasks: []
        )
        let other = ActiveScan.running(targets: 100)
        let limits = PolitenessLimits(perTarget: 4, perNetwork: 32)
        var simulation = await DispatchSimulation([large, other], limits: limits, window: 4_096, seed: 29)
        await simulation.dispatchAll()
        #expect(simulation.mostParked == ScanBacklog.parkedLimit)
        #expect(simulation.outstanding.count == 64, "both networks are full")
        #expect(await simulation.finish())
        #expect(simulation.violations == [])
        #expect(simulation.mostParked == ScanBacklog.parkedLimit)
        #expect(simulation.settled[large.id]?.count == 3_000)
    }

    @Test("after a takeover the places of what is in flight are taken, also where there are more than the limit")
    func takeover() async throws {
        let book = ScanBook(politeness: PolitenessLimits(perTarget: 0, perNetwork: 2))
        let order = DispatchOrder(count: 5, seed: try #require(ActiveScan.running(targets: 5).plan).seed)
        let scan = ActiveScan.running(
            targets: 5,
            cursor: 3,
            tasks: (0..<3).map { (Int(order[$0]), .openPorts, .queued) }
        )
        await book.adopt(scan)
        #expect(await book.dispatchAll(window: 16) == [])
        await book.settled([scan.tasks[0].task])
        #expect(await book.dispatchAll(window: 16) == [], "two are left")
        await book.settled([scan.tasks[1].task])
        #expect(await book.dispatchAll(window: 16).count == 1)
    }
}
