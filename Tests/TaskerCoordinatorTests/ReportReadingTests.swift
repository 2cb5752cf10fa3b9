import AddressSpace
import Foundation
import Nmap
import ScanModel
import Testing

@testable import TaskerCoordinator

/// Every captured report is treated as the table in `docs/architecture.md` says, in both phases.
struct ReportReadingTests {
    private static func read(includeServices: Bool = true, maximumServicePorts: Int = 1_000) -> ReportReading {
        ReportReading(
            request: ScanRequest(
                hosts: [],
                openPorts: OpenPortsOptions(ports: PortSet(ports: [80])),
                services: ServiceOptions(),
                timeout: 60,
                includeServices: includeServices,
                singleResolve: false,
                mode: .replace,
                trackHistory: true
            ),
            maximumServicePorts: maximumServicePorts
        )
    }

    private func verdict(_ name: String, _ address: String) throws -> ReportVerdict {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let report = try Data(contentsOf: tests.appending(path: "NmapTests/Fixtures/\(name).xml"))
        return NmapReport.classify(Array(report), expecting: try #require(IPAddress(address)))
    }

    private func found() throws -> NmapHost {
        guard case .finding(let host) = try verdict("open_ports", "127.0.0.1") else { throw CancellationError() }
        return host
    }

    private func name(_ meaning: ResultMeaning) -> String {
        switch meaning {
        case .failedAttempt(let reason, _): "failed attempt \(reason.rawValue)"
        case .leadsToServices: "leads to services"
        case .finding(_, let outcome, let reason): "finding \(outcome.name) \(reason?.rawValue ?? "")"
        case .nothing(let outcome, let reason): "nothing \(outcome.name) \(reason.rawValue)"
        }
    }

    @Test(
        "reports on the first phase",
        arguments: [
            ("open_ports", "127.0.0.1", "leads to services"),
            ("no_open_ports", "127.0.0.2", "finding done "),
            ("udp_open_filtered", "127.0.0.1", "finding done "),
            ("ipv6", "::1", "finding done "),
            ("host_timeout", "10.99.2.2", "failed attempt timed_out"),
            ("host_down", "10.99.2.77", "nothing done down"),
            ("unroutable", "10.97.0.1", "nothing failed unroutable"),
            ("truncated", "127.0.0.1", "failed attempt bad_report"),
            ("cut_in_ports", "127.0.0.1", "failed attempt bad_report"),
            ("open_ports", "127.0.0.9", "failed attempt bad_report"),
        ]
    )
    func firstPhase(fixture: String, address: String, meaning: String) throws {
        #expect(name(Self.read().openPorts(try verdict(fixture, address))) == meaning)
    }

    @Test(
        "reports on the second phase",
        arguments: [
            ("services", "127.0.0.1", "finding done "),
            ("services_scripts_os", "127.0.0.1", "finding done "),
            ("host_timeout_services", "10.99.2.2", "finding done_partial timed_out"),
            ("host_down", "10.99.2.77", "failed attempt down"),
            ("unroutable", "10.97.0.1", "failed attempt unroutable"),
            ("cut_in_ports", "127.0.0.1", "failed attempt bad_report"),
            ("truncated", "127.0.0.1", "failed attempt bad_report"),
        ]
    )
    func secondPhase(fixture: String, address: String, meaning: String) throws {
        let found = try found()
        #expect(name(Self.read().services(try verdict(fixture, address), found: found)) == meaning)
    }

    @Test("a second phase that timed out leaves what the first one found, unchanged")
    func partial() throws {
        let found = try found()
        let meaning = Self.read().services(try verdict("host_timeout_services", "10.99.2.2"), found: found)
        guard case .finding(let host, .donePartial, .timedOut) = meaning else {
            Issue.record("not a partial finding")
            return
        }
        #expect(host == found)
    }

    @Test("without services wanted, open ports are the end")
    func portsOnly() throws {
        let meaning = Self.read(includeServices: false).openPorts(try verdict("open_ports", "127.0.0.1"))
        #expect(name(meaning) == "finding done ")
    }

    @Test("more open ports than may be probed are imported as they are")
    func tooManyPorts() throws {
        let meaning = Self.read(maximumServicePorts: 5).openPorts(try verdict("open_ports", "127.0.0.1"))
        #expect(name(meaning) == "finding done_partial too_many_ports")
    }
}
