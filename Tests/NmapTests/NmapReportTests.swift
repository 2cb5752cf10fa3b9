import AddressSpace
import Nmap
import Testing

@Suite("Verdicts")
struct NmapReportTests {
    @Test("each captured report has the verdict that the design gives it", arguments: Fixture.allCases)
    func verdicts(fixture: Fixture) throws {
        let verdict = try fixture.verdict
        switch fixture {
        case .hostTimeout, .hostTimeoutServices: #expect(verdict == .timedOut)
        case .hostDown: #expect(verdict == .down)
        case .unroutable: #expect(verdict == .unroutable)
        case .cutInPorts, .truncated: #expect(verdict.isMalformed)
        case .ipv6, .noOpenPorts, .openPorts, .services, .servicesScriptsOS, .servicesTraceHostscriptOS,
            .udpOpenFiltered:
            #expect(verdict.finding?.address == fixture.address)
        }
    }

    @Test("a report on another address is malformed, whatever it says", arguments: Fixture.allCases)
    func otherAddress(fixture: Fixture) throws {
        #expect(NmapReport.classify(try fixture.bytes, expecting: .v4(0x0A63_02FE)).isMalformed)
    }

    @Test("a report cut off anywhere is malformed", arguments: Fixture.allCases)
    func cutOff(fixture: Fixture) throws {
        let bytes = try fixture.bytes
        let end = bytes.lastIndex(of: UInt8(ascii: ">")) ?? bytes.count
        for length in stride(from: 0, through: end, by: 3) {
            guard NmapReport.classify(Array(bytes[..<length]), expecting: fixture.address).isMalformed else {
                Issue.record("cut at byte \(length)")
                return
            }
        }
    }

    @Test("only a port that is exactly open counts as open")
    func openFiltered() throws {
        let host = try Fixture.udpOpenFiltered.host
        #expect(host.ports.map(\.state) == [.closed, .openOrFiltered])
        #expect(host.ports.allSatisfy { $0.transportProtocol == .udp })
        #expect(host.openPorts.isEmpty)
    }

    @Test("a finding tells its ports, times and names")
    func reads() throws {
        let host = try Fixture.services.host
        #expect(host.openPorts.nmapList == "5490,5690,6390,8090")
        #expect(host.startTime == 1_795_418_625)
        #expect(host.endTime == 1_795_418_637)
        #expect(host.hostnames == ["localhost"])
    }

    @Test("a report that cannot be trusted is malformed", arguments: Damage.allCases)
    func damaged(damage: Damage) throws {
        let report = try XMLNode(parsing: Fixture.services.bytes)
        let damaged = damage.applied(to: report)
        #expect(damaged != report)
        #expect(NmapReport.classify(damaged.serialized(), expecting: Fixture.services.address).isMalformed)
        #expect(NmapReport.classify(report.serialized(), expecting: Fixture.services.address).finding != nil)
    }

    @Test("a host that is up but has no list of ports is malformed, and one that is down is down")
    func withoutPorts() throws {
        let report = try XMLNode(parsing: Fixture.services.bytes)
        let withoutPorts = report.changingHost { $0.children.removeAll { $0.name == "ports" } }
        #expect(NmapReport.classify(withoutPorts.serialized(), expecting: Fixture.services.address).isMalformed)
        let down = withoutPorts.changingHost { $0.change("status") { $0["state"] = "down" } }
        #expect(NmapReport.classify(down.serialized(), expecting: Fixture.services.address) == .down)
    }

    @Test("a timed-out host is never a finding, even with ports")
    func timedOutWithPorts() throws {
        let report = try XMLNode(parsing: Fixture.services.bytes).changingHost { $0["timedout"] = "true" }
        #expect(NmapReport.classify(report.serialized(), expecting: Fixture.services.address) == .timedOut)
    }

    @Test("a MAC address beside the IP address does no harm")
    func macAddress() throws {
        let mac = XMLNode("address", ["addr": "00:00:5E:00:53:01", "addrtype": "mac", "vendor": "ICANN"])
        let report = try XMLNode(parsing: Fixture.services.bytes).changingHost { $0.children.insert(mac, at: 2) }
        #expect(NmapReport.classify(report.serialized(), expecting: Fixture.services.address).finding != nil)
    }
}

/// One thing that is wrong with a report otherwise in order.
enum Damage: CaseIterable {
    case failed, unfinished, secondHost, secondTotal, otherRoot, secondAddress, addressFamily, secondPortList,
        samePortTwice
    case unknownState, unknownProtocol, portZero, portTooHigh, portNotANumber, stateWithoutReason, timeNotANumber,
        hugeTime
    case scriptWithoutOutput, confidenceNotANumber, statusUnknown, extraportsWithoutCount

    func applied(to report: XMLNode) -> XMLNode {
        switch self {
        case .failed: report.changing("runstats") { $0.change("finished") { $0["exit"] = "error" } }
        case .unfinished: report.changing("runstats") { $0.children.removeAll { $0.name == "finished" } }
        case .secondHost: report.changed { $0.children.append($0.first("host")!) }
        case .secondTotal: report.changing("runstats") { $0.change("hosts") { $0["total"] = "2" } }
        case .otherRoot: XMLNode("report", children: report.children)
        case .secondAddress:
            report.changingHost { $0.children.append(XMLNode("address", ["addr": "::1", "addrtype": "ipv6"])) }
        case .addressFamily: report.changingHost { $0.change("address") { $0["addrtype"] = "ipv6" } }
        case .secondPortList: report.changingHost { $0.children.append(XMLNode("ports")) }
        case .samePortTwice: report.changingHost { $0.change("ports") { $0.children.append($0.children[0]) } }
        case .unknownState: report.changingPort { $0.change("state") { $0["state"] = "ajar" } }
        case .unknownProtocol: report.changingPort { $0["protocol"] = "sctp" }
        case .portZero: report.changingPort { $0["portid"] = "0" }
        case .portTooHigh: report.changingPort { $0["portid"] = "65536" }
        case .portNotANumber: report.changingPort { $0["portid"] = "+80" }
        case .stateWithoutReason: report.changingPort { $0.change("state") { $0["reason"] = nil } }
        case .timeNotANumber: report.changingHost { $0["starttime"] = "now" }
        case .hugeTime: report.changingHost { $0["endtime"] = "99999999999" }
        case .scriptWithoutOutput: report.changingPort { $0.children.append(XMLNode("script", ["id": "x"])) }
        case .confidenceNotANumber: report.changingPort { $0.change("service") { $0["conf"] = "high" } }
        case .statusUnknown: report.changingHost { $0.change("status") { $0["state"] = "unknown" } }
        case .extraportsWithoutCount:
            report.changingHost {
                $0.change("ports") { $0.children.append(XMLNode("extraports", ["state": "closed"])) }
            }
        }
    }
}

extension XMLNode {
    func changed(_ change: (inout XMLNode) -> Void) -> XMLNode {
        var copy = self
        change(&copy)
        return copy
    }

    mutating func change(_ name: String, _ change: (inout XMLNode) -> Void) {
        guard let index = children.firstIndex(where: { $0.name == name }) else { return }
        change(&children[index])
    }

    func changing(_ name: String, _ change: (inout XMLNode) -> Void) -> XMLNode {
        changed { $0.change(name, change) }
    }

    func changingHost(_ change: (inout XMLNode) -> Void) -> XMLNode {
        changing("host", change)
    }

    func changingPort(_ change: (inout XMLNode) -> Void) -> XMLNode {
        changingHost { $0.change("ports") { $0.change("port", change) } }
    }
}
