import AddressSpace
import HTTPTransport
import Testing

@testable import ScanLedger

@Suite("Hosts of a project")
struct KnownAddressesTests {
    @Test("known addresses are read in pages until one is empty")
    func pages() async throws {
        let transport = ScriptedTransport([
            .status(200, page(0..<1000)), .status(200, page(1000..<1500)), .status(200, page(1500..<1700)),
            .status(200, "[]"),
        ])
        let known = try await client(transport).knownAddresses(of: project)
        #expect(known.count == 1700)
        #expect(known.contains(IPAddress("10.0.6.163")!))
        #expect(
            transport.requests.map(\.url)
                == [0, 1000, 1500, 1700].map { "\(projectURL)/ips?has_ports=false&skip=\($0)&limit=1000" }
        )
        #expect(transport.requests[0].headers["Authorization"] == "Bearer \(ownToken)")
    }

    @Test(
        "a page that cannot be read is an error, not 'nothing known'",
        arguments: [
            "", "null", "{}", "[{}]", #"[{"ip":null}]"#, #"[{"ip":"10.0.0.256"}]"#, #"[{"ip":"10.0.0.1"}"#,
        ]
    )
    func unreadablePage(body: String) async {
        let transport = ScriptedTransport([.status(200, page(0..<1000)), .status(200, body), .status(200, "[]")])
        let error = await failure { () throws(LedgerError) in
            _ = try await client(transport).knownAddresses(of: project)
        }
        #expect(error?.code == .unreadable)
    }

    @Test("a list that repeats itself is an error, not an endless loop")
    func repeatingPage() async {
        let transport = ScriptedTransport(Array(repeating: .status(200, page(0..<1000)), count: 5))
        let error = await failure { () throws(LedgerError) in
            _ = try await client(transport).knownAddresses(of: project)
        }
        #expect(error?.code == .unreadable)
        #expect(transport.requests.count == 2)
    }

    @Test("a page that is too large is asked for in parts")
    func hugePage() async throws {
        let transport = ScriptedTransport([
            .lost(.tooLarge, afterSending: true), .status(200, page(0..<125)), .status(200, "[]"),
        ])
        #expect(try await client(transport).knownAddresses(of: project).count == 125)
        #expect(transport.requests[1].url.hasSuffix("skip=0&limit=125"))
    }

    @Test("a host is read with its ports, whatever is null or new")
    func host() async throws {
        let body = #"""
            {"ip":"127.0.0.1","status":"up","os":"","starttime":1795418144,"endtime":null,"hostnames":["host-a.test"],
             "ports":[{"number":8090,"protocol":"tcp","state":"open","reason":"syn-ack","service":"http",
             "product":"nginx","version":"1.22","extrainfo":null,"cpe":["cpe:/a:nginx:nginx:1.22"],"servicefp":null,
             "scripts":{}},{"number":22,"protocol":"tcp","state":"open","service":null}],"asnName":"new"}
            """#
        let transport = ScriptedTransport([.status(200, body), .status(200, #"{"ip":"::1","hostnames":null}"#)])
        let host = try #require(try await client(transport).host(.v4(0x7F00_0001), of: project))
        #expect(host.hostnames == ["host-a.test"])
        #expect(host.starttime == 1_795_418_144 && host.endtime == 0)
        #expect(host.ports.map(\.number) == [8090, 22])
        #expect(host.ports[0].product == "nginx" && host.ports[1].service == nil)
        let bare = try await client(transport).host(.v6(1), of: project)
        #expect(bare?.ports == [])
        #expect(transport.requests.map(\.url) == ["\(projectURL)/ips/127.0.0.1", "\(projectURL)/ips/::1"])
    }

    @Test("a host that is not there is nil, one that cannot be read is an error")
    func missingHost() async throws {
        let transport = ScriptedTransport([.status(404), .status(200, "[]")])
        #expect(try await client(transport).host(.v4(1), of: project) == nil)
        let error = await failure { () throws(LedgerError) in
            _ = try await client(transport).host(.v4(1), of: project)
        }
        #expect(error?.code == .unreadable)
    }
}
