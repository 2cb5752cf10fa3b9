import AddressSpace
import Foundation
import HTTPTransport
import ScanLedger
import ScanModel
import Testing

@Suite("Writing to ScanLedger")
struct WritingTests {
    @Test("hostnames go out in batches of 500, in mode insert")
    func hostnames() async throws {
        let transport = ScriptedTransport(Array(repeating: .status(200, "[]"), count: 3))
        let names = (0..<1001).map { (IPAddress.v4(UInt32($0)), ["host-\($0).test"]) }
        try await client(transport).addHostnames(names, to: project)
        var seen: [String] = []
        for request in transport.requests {
            #expect(request.url == "\(projectURL)/ips?mode=insert&track_history=true")
            #expect(request.headers["content-type"] == "application/json")
            guard case .bytes(let body) = request.body else {
                Issue.record("the names are sent as JSON")
                return
            }
            let hosts = try JSONDecoder().decode([Posted].self, from: Data(body))
            #expect(hosts.count <= 500)
            #expect(hosts.allSatisfy { $0.ports.isEmpty })
            seen += hosts.flatMap(\.hostnames)
        }
        #expect(seen == names.flatMap(\.1))
        #expect(transport.requests.count == 3)
    }

    @Test("no names, no request")
    func noNames() async throws {
        let transport = ScriptedTransport([])
        try await client(transport).addHostnames([], to: project)
        #expect(transport.requests.isEmpty)
    }

    @Test("a report goes out as the form's file, with mode and history flag")
    func report() async throws {
        let transport = ScriptedTransport([.status(200, "[]")])
        let xml = Array("<nmaprun/>".utf8)
        try await client(transport).importReport(xml, into: project, mode: .replace, trackHistory: false)
        let request = try #require(transport.requests.first)
        #expect(request.method == .post)
        #expect(request.url == "\(projectURL)/ips/import?mode=replace&track_history=false")
        #expect(
            request.body
                == .multipart([
                    .init(name: "file", fileName: "report.xml", contentType: "application/xml", content: xml)
                ])
        )
    }

    @Test(
        "an error of an import says whether it may have been applied",
        arguments: [
            (ScriptedTransport.Answer.lost(.unreachable, afterSending: false), LedgerError.Code.unavailable, false),
            (.lost(.timedOut, afterSending: true), .unavailable, true),
            (.status(503), .unavailable, true), (.status(500), .rejected, true),
            (.status(401), .unauthorised, false), (.status(403), .forbidden, false), (.status(404), .notFound, false),
            (.status(413), .tooLarge, false), (.status(422), .rejected, false), (.status(302), .unreadable, true),
        ]
    )
    func uncertainty(answer: ScriptedTransport.Answer, code: LedgerError.Code, applied: Bool) async {
        let error = await failure { () throws(LedgerError) in
            try await client(ScriptedTransport([answer]))
                .importReport([], into: project, mode: .insert, trackHistory: true)
        }
        #expect(error?.code == code)
        #expect(error?.mayHaveBeenApplied == applied)
    }

    private struct Posted: Decodable {
        let ip: String
        let hostnames: [String]
        let ports: [Int]
    }
}
