import AMQPMessages
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

    @Test(
        "a worker finds what is its target's own beside what all targets have",
        arguments: [Phase.openPorts, .services]
    )
    func argument(phase: Phase) throws {
        var builder = try builder(ceiling: nil)
        for attempt in 1...2 {
            let ports = PortSet(ports: [80 + UInt16(attempt)])
            let task = TaskReference(scan: builder.batch.scan, target: 0, phase: phase, attempt: attempt)
            let message = try builder.message(for: task, openPorts: ports)
            let body = try JSONSerialization.jsonObject(with: Data(message.body)) as? [Any]
            let argument = try #require((body?.first as? [[String: Any]])?.first)
            #expect(argument.count == 8)
            #expect(argument["ip"] as? String == "\(builder.batch.plan.address(of: 0))")
            #expect(argument["target"] as? Int == 0)
            #expect(argument["attempt"] as? Int == attempt)
            #expect(argument["phase"] as? String == phase.rawValue)
            #expect(argument["scan"] as? String == "\(task.scan)")
            #expect(argument["project"] as? String == "\(builder.batch.project)")
            #expect(argument["timeout"] as? Int == builder.batch.request.timeout)
            let arguments = try builder.arguments(of: phase, family: .v4, openPorts: ports)
            #expect(argument["arguments"] as? [String] == arguments)
        }
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
