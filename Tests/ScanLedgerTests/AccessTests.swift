import AddressSpace
import HTTPTransport
import ScanLedger
import Testing

@Suite("Access to projects")
struct AccessTests {
    @Test(
        "what ScanLedger says of a caller is a verdict",
        arguments: [
            (200, LedgerAccess.granted), (401, .denied), (403, .denied), (404, .unknownProject),
        ]
    )
    func verdict(status: Int, expected: LedgerAccess) async throws {
        let transport = ScriptedTransport([.status(status, #"{"detail":"x"}"#)])
        let access = try await client(transport).access(to: project, callerToken: callerToken)
        #expect(access == expected)
        let request = try #require(transport.requests.first)
        #expect(request.url == projectURL)
        #expect(request.headers["Authorization"] == "Bearer \(callerToken)")
    }

    @Test("an unreachable ScanLedger is an error, not a denial")
    func unreachable() async {
        for answer: ScriptedTransport.Answer in [
            .lost(.unreachable, afterSending: false), .lost(.timedOut, afterSending: true), .status(502), .status(503),
            .status(504), .status(429),
        ] {
            let ledger = client(ScriptedTransport([answer, answer]))
            let access = await failure { () throws(LedgerError) in
                _ = try await ledger.access(to: project, callerToken: callerToken)
            }
            #expect(access?.code == .unavailable)
            #expect(access?.isRetryable == true)
            #expect(access?.mayHaveBeenApplied == false)
            let authentication = await failure { () throws(LedgerError) in
                _ = try await ledger.authenticate(callerToken: callerToken)
            }
            #expect(authentication?.code == .unavailable)
        }
    }

    @Test("a server error is an error, not a denial")
    func serverError() async {
        let error = await failure { () throws(LedgerError) in
            _ = try await client(ScriptedTransport([.status(500)])).access(to: project, callerToken: callerToken)
        }
        #expect(error?.code == .rejected)
        #expect(error?.isRetryable == true)
    }

    @Test("without a project, the list of the caller's projects authenticates")
    func authenticate() async throws {
        let transport = ScriptedTransport([.status(200, "[]"), .status(401)])
        #expect(try await client(transport).authenticate(callerToken: callerToken))
        #expect(try await !client(transport).authenticate(callerToken: callerToken))
        #expect(transport.requests.map(\.url) == Array(repeating: "https://ledger.test/api/projects", count: 2))
    }

    @Test("no token and no body is in a message")
    func secrets() async {
        let answers: [ScriptedTransport.Answer] = [
            .status(500, "\(ownToken) \(callerToken)"), .status(200, "not json \(ownToken)"),
            .lost(.tls, afterSending: false),
        ]
        for answer in answers {
            let error = await failure { () throws(LedgerError) in
                _ = try await client(ScriptedTransport([answer])).host(.v4(1), of: project)
            }
            let text = error.map { "\($0) \($0.message)" } ?? ""
            #expect(!text.isEmpty)
            #expect(!text.contains(ownToken) && !text.contains(callerToken))
        }
    }

    @Test("Retry-After is passed on, and bounded")
    func retryAfter() async {
        for (text, expected) in [("7", Duration.seconds(7)), ("999999", .seconds(3600))] {
            let error = await failure { () throws(LedgerError) in
                try await client(ScriptedTransport([.status(503, headers: ["retry-after": text])])).health()
            }
            #expect(error?.retryAfter == expected)
        }
    }
}
