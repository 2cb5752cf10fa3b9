import AddressSpace
import Nmap
import Testing

@Suite("Hosts")
struct NmapHostTests {
    /// What the second phase may add to a host.
    private static let findings = [
        "script", "elem", "table", "hostscript", "os", "osmatch", "osclass", "portused", "osfingerprint", "trace",
        "hop",
        "uptime", "distance", "tcpsequence", "ipidsequence", "tcptssequence",
    ]

    /// A first phase for the traced fixture, that found two of its three ports open and one it does not have.
    private func tracedFirstPhase() throws -> NmapHost {
        let ports = [("6379", "open"), ("8080", "open"), ("8443", "open"), ("22", "filtered")].map { number, state in
            XMLNode(
                "port",
                ["protocol": "tcp", "portid": number],
                children: [XMLNode("state", ["state": state, "reason": "syn-ack", "reason_ttl": "63"])]
            )
        }
        let element = XMLNode(
            "host",
            ["starttime": "1795420600", "endtime": "1795420640"],
            children: [
                XMLNode("status", ["state": "up", "reason": "user-set", "reason_ttl": "0"]),
                XMLNode("address", ["addr": "10.99.2.2", "addrtype": "ipv4"]),
                XMLNode("ports", children: ports),
            ]
        )
        return try NmapHost(encoded: element.serialized())
    }

    @Test("merging keeps every script, OS match and host-wide finding of the second phase")
    func keepsScriptsAndOS() throws {
        let services = try Fixture.servicesScriptsOS.host
        let merged = try Fixture.openPorts.host.merging(services: services)
        for name in Self.findings {
            #expect(merged.element.count(of: name) == services.element.count(of: name), "\(name)")
        }
        #expect(services.element.count(of: "osmatch") == 10)
        #expect(services.element.count(of: "script") == 2)
        #expect(merged.element.first("os") == services.element.first("os"))
    }

    @Test("merging keeps traceroute, host scripts and several scripts of one port")
    func keepsTraceAndHostScripts() throws {
        let services = try Fixture.servicesTraceHostscriptOS.host
        let merged = try tracedFirstPhase().merging(services: services)
        for name in Self.findings {
            #expect(merged.element.count(of: name) == services.element.count(of: name), "\(name)")
        }
        #expect(merged.element.count(of: "hop") == 2)
        #expect(merged.element.first("hostscript")?.all("script").count == 2)
        let http = merged.element.first("ports")?.all("port").first { $0["portid"] == "8080" }
        #expect(http?.all("script").map { $0["id"] } == ["http-title", "http-server-header"])
        #expect(http?.first("service")?["product"] == "SimpleHTTPServer")
        #expect(http?.first("service")?.all("cpe").map(\.text) == ["cpe:/a:python:simplehttpserver:0.6"])
    }

    @Test("the first phase decides which ports there are and in what state")
    func firstPhaseDecides() throws {
        let first = try tracedFirstPhase()
        let merged = first.merging(services: try Fixture.servicesTraceHostscriptOS.host)
        #expect(merged.ports == first.ports)
        #expect(merged.ports.map(\.number) == [6379, 8080, 8443, 22])
        #expect(try NmapHost(encoded: merged.encoded()).ports == first.ports)
    }

    @Test("a port that the second phase finds closed stays open, and keeps the first phase's reason")
    func staysOpen() throws {
        let first = try Fixture.openPorts.host
        let closed = try Fixture.services.host.element.changed { host in
            host.change("ports") { ports in
                for index in ports.children.indices {
                    ports.children[index].change("state") {
                        $0["state"] = "closed"
                        $0["reason"] = "reset"
                    }
                }
            }
        }
        let merged = first.merging(services: try NmapHost(encoded: closed.serialized()))
        #expect(merged.openPorts == first.openPorts)
        let states = merged.element.first("ports")?.all("port").flatMap { $0.all("state") }
        #expect(states?.count == 6)
        #expect(states?.allSatisfy { $0["reason"] == "syn-ack" } == true)
    }

    @Test("a filtered port gains nothing from the second phase")
    func onlyOpenPortsGain() throws {
        let first = try Fixture.openPorts.host.element.changed { host in
            host.change("ports") { $0.change("port") { $0.change("state") { $0["state"] = "filtered" } } }
        }
        let host = try NmapHost(encoded: first.serialized())
        let merged = host.merging(services: try Fixture.servicesScriptsOS.host)
        #expect(merged.element.first("ports")?.first("port") == host.element.first("ports")?.first("port"))
    }

    @Test("the port that the second phase does not mention keeps the first phase's service")
    func keepsFirstService() throws {
        let merged = try Fixture.openPorts.host.merging(services: Fixture.services.host)
        let services = merged.element.first("ports")?.all("port").map { $0.first("service")?["name"] }
        #expect(services == ["postgresql", "amqp", nil, "redis", "opsmessaging", "jamlink"])
    }

    @Test("the times span both phases")
    func times() throws {
        let (first, services) = (try Fixture.openPorts.host, try Fixture.servicesScriptsOS.host)
        for merged in [first.merging(services: services), services.merging(services: first)] {
            #expect(merged.startTime == 1_795_418_625)
            #expect(merged.endTime == 1_795_418_652)
            #expect(merged.element["starttime"] == "1795418625")
            #expect(merged.element["endtime"] == "1795418652")
        }
    }

    @Test("the host of another address contributes nothing")
    func otherAddress() throws {
        let first = try Fixture.openPorts.host
        #expect(first.merging(services: try Fixture.servicesTraceHostscriptOS.host) == first)
    }

    @Test("a TCP answer says nothing about the UDP port of the same number")
    func protocolsApart() throws {
        let udp = try Fixture.openPorts.host.element.changed { host in
            host.change("ports") { $0.change("port") { $0["protocol"] = "udp" } }
        }
        let merged = try NmapHost(encoded: udp.serialized()).merging(services: Fixture.servicesScriptsOS.host)
        #expect(merged.element.first("ports")?.first("port")?.all("script").isEmpty == true)
    }

    @Test("a MAC address that the second phase learned is kept, once")
    func macAddress() throws {
        let mac = XMLNode("address", ["addr": "00:00:5E:00:53:01", "addrtype": "mac"])
        let services = try NmapHost(
            encoded: Fixture.services.host.element.changed { $0.children.insert(mac, at: 2) }.serialized()
        )
        let merged = try Fixture.openPorts.host.merging(services: services)
        #expect(merged.element.all("address").map { $0["addrtype"] } == ["ipv4", "mac"])
        #expect(merged.merging(services: services).element.all("address").count == 2)
        #expect(try NmapHost(encoded: merged.encoded()).address == merged.address)
    }

    @Test("the names of the user replace the report's")
    func hostnames() throws {
        let host = try Fixture.services.host.withHostnames(["a.test", "b<&\".test"])
        #expect(host.hostnames == ["a.test", "b<&\".test"])
        #expect(host.element.all("hostnames").count == 1)
        #expect(host.element.count(of: "hostname") == 2)
        #expect(host.element.first("hostnames")?.children.allSatisfy { $0["type"] == "user" } == true)
        #expect(try NmapHost(encoded: host.encoded()) == host)
        #expect(host.withHostnames([]).hostnames.isEmpty)
    }

    @Test("a reduced host is smaller and merges to the same ports")
    func reduced() throws {
        let first = try Fixture.openPorts.host
        let reduced = try NmapHost(encoded: first.reduced().encoded())
        #expect(reduced == first.reduced())
        #expect(reduced.reduced() == reduced)
        #expect(reduced.encoded().count < first.encoded().count)
        #expect(reduced.ports == first.ports)
        let services = try Fixture.servicesScriptsOS.host
        #expect(
            reduced.merging(services: services).element.first("ports")?.all("port")
                == first.merging(services: services).element.first("ports")?.all("port")
        )
    }

    @Test("what is not a host cannot be read as one", arguments: ["", "<host/>", "<ports/>", "not xml"])
    func refuses(text: String) {
        #expect(throws: HostileXMLError.self) { try NmapHost(encoded: Array(text.utf8)) }
    }
}
