import AddressSpace
import Foundation
import Nmap
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct ScanTaskMessageTests {
    private func builder(ceiling: Int?, rates: (Int?, Int?) = (nil, nil)) throws -> ScanTaskMessage {
        let scan = ActiveScan.running(targets: 1)
        var request = scan.request
        request.openPorts.timing.minRate = rates.0
        request.openPorts.timing.maxRate = rates.1
        let entry = ScanEntry(
            ActiveScan(
                id: scan.id,
                project: scan.project,
                request: request,
                state: .running,
                isStopRequested: false,
                isPaused: false,
                plan: scan.plan,
                cursor: 0,
                tasks: []
            )
        )
        let batch = DispatchBatch(
            entry: entry,
            plan: try #require(entry.plan),
            claims: [],
            cursorBefore: 0,
            cursorAfter: 0
        )
        return ScanTaskMessage(batch: batch, origin: "test", maxRateCeiling: ceiling)
    }

    @Test("the ceiling holds for both phases, also where the request names no rate")
    func ceiling() throws {
        let builder = try builder(ceiling: 500, rates: (600, 900))
        let first = try builder.arguments(of: .openPorts, family: .v4, openPorts: nil)
        #expect(first.starts(with: ["--min-rate", "500", "--max-rate", "500"]))
        let second = try builder.arguments(of: .services, family: .v4, openPorts: PortSet(ports: [80]))
        #expect(second.starts(with: ["--max-rate", "500"]))
    }

    @Test("without a ceiling the request's rates stand")
    func noCeiling() throws {
        let builder = try builder(ceiling: nil, rates: (nil, 900))
        let first = try builder.arguments(of: .openPorts, family: .v4, openPorts: nil)
        #expect(first.starts(with: ["--max-rate", "900"]))
        let second = try builder.arguments(of: .services, family: .v4, openPorts: PortSet(ports: [80]))
        #expect(!second.contains("--max-rate"))
    }

    @Test("a services task that names no port is not made: nmap would probe what nobody asked for")
    func noPorts() throws {
        let builder = try builder(ceiling: nil)
        for ports in [nil, PortSet(ports: [])] {
            #expect(throws: ScanTaskMessage.NoOpenPorts.self) {
                try builder.arguments(of: .services, family: .v4, openPorts: ports)
            }
        }
    }

    @Test("a lower rate than the ceiling stays")
    func lowerRates() {
        let options = TimingOptions(minRate: 10, maxRate: 20)
        #expect(options.limited(toRate: 100) == options)
        #expect(options.limited(toRate: 15) == TimingOptions(minRate: 10, maxRate: 15))
    }
}
