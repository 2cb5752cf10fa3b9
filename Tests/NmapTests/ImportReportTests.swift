import AddressSpace
import Testing

@testable import Nmap

@Suite("Import reports")
struct ImportReportTests {
    @Test("the head is made up from the open-ports phase")
    func head() throws {
        let ports = PortSet(ports: [53, 161, 162])
        let document = ImportReport.document(
            hosts: [try Fixture.udpOpenFiltered.host],
            ports: ports,
            transportProtocol: .udp,
            start: 1_795_420_689
        )
        let report = try XMLNode(parsing: document)
        #expect(
            report.attributes.map { "\($0.name)=\($0.value)" } == [
                "scanner=nmap", "args=nmap -p 53,161-162 -sU", "start=1795420689", "startstr=Mon Nov 23 07:58:09 2026",
                "version=7.93", "xmloutputversion=1.05",
            ]
        )
        #expect(
            report.first("scaninfo")
                == XMLNode(
                    "scaninfo",
                    ["type": "udp", "protocol": "udp", "numservices": "3", "services": "53,161-162"]
                )
        )
        #expect(report.first("verbose")?["level"] == "0")
        #expect(report.first("debugging")?["level"] == "0")
    }

    @Test("a TCP report does not say -sU, which would close UDP ports")
    func tcp() throws {
        let document = ImportReport.document(
            hosts: [try Fixture.openPorts.host],
            ports: PortSet(ports: [80]),
            transportProtocol: .tcp,
            start: 0
        )
        #expect(try XMLNode(parsing: document)["args"] == "nmap -p 80")
    }

    @Test("all hosts are in it, unchanged, and the counts agree")
    func hosts() throws {
        let hosts = [
            try Fixture.openPorts.host.merging(services: Fixture.servicesScriptsOS.host).withHostnames(["a.test"]),
            try Fixture.noOpenPorts.host, try Fixture.ipv6.host, try Fixture.servicesTraceHostscriptOS.host,
        ]
        let report = try XMLNode(
            parsing: ImportReport.document(
                hosts: hosts,
                ports: PortSet(ports: [80]),
                transportProtocol: .tcp,
                start: 1_795_418_625
            )
        )
        #expect(report.all("host") == hosts.map(\.element))
        let statistics = try #require(report.first("runstats"))
        #expect(statistics.first("finished")?["exit"] == "success")
        #expect(statistics.first("finished")?["time"] == "1795420665")
        #expect(statistics.first("finished")?["elapsed"] == "2040.00")
        #expect(statistics.first("hosts") == XMLNode("hosts", ["up": "4", "down": "0", "total": "4"]))
    }

    @Test("a report of one host is itself a finding on that host")
    func readsAsFinding() throws {
        let host = try Fixture.services.host
        let document = ImportReport.document(
            hosts: [host],
            ports: PortSet(ports: [80]),
            transportProtocol: .tcp,
            start: host.startTime
        )
        #expect(NmapReport.classify(document, expecting: host.address) == .finding(host))
    }

    @Test(
        "times are written as ctime writes them",
        arguments: [
            (0, "Thu Jan  1 00:00:00 1970"), (951_782_400, "Tue Feb 29 00:00:00 2000"),
            (1_795_418_625, "Mon Nov 23 07:23:45 2026"), (4_107_542_399, "Sun Feb 28 23:59:59 2100"),
            (4_107_542_400, "Mon Mar  1 00:00:00 2100"), (1_709_164_800, "Thu Feb 29 00:00:00 2024"),
        ]
    )
    func calendarTimes(seconds: Int, text: String) {
        #expect(CalendarTime(secondsSince1970: seconds).description == text)
    }
}
