import AddressSpace
import HTTPTransport
import ScanLedger
import Testing

@Suite("Access to projects")
struct AccessTests {
    @Test(
        "what ScanLedger says of a caller is a verdict",
        arguments: [
            (200, projectRow, LedgerAccess.granted), (401, "{}", .denied), (403, "{}", .denied),
            (404, "{}", .unknownProject),
        ]
    )
    func verdict(status: Int, body: String, expected: LedgerAccess) async throws {
        let transport = ScriptedTransport([.status(status, body)])
        let access = try await client(transport).access(to: project, callerToken: callerToken)
        #expect(access == expected)
        let request = try #require(transport.requests.first)
        #expect(request.url == projectURL)
        #expect(request.headers["Authorization"] == "Bearer \(callerToken)")
    }

    @Test(
        "an answer that does not show the project grants nothing, and is no denial",
        arguments: [
            "", "{}", "[]", "null", "<html>", #"{"id":null}"#, #"{"id":"x"}"#, "[\(projectRow)]",
            #"{"id":"5db0659d-75ad-4036-b5e0-ff1d2826ff00"}"#,
        ]
    )
    func wrongAnswer(body: String) async {
        for status in [200, 204] {
            let error = await failure { () throws(LedgerError) in
                let ledger = client(ScriptedTransport([.status(status, body)]))
                _ = try await ledger.access(to: project, callerToken: callerToken)
            }
            #expect(error?.code == .unreadable)
            #expect(error?.isRetryable == true)
        }
    }

    @Test(
        "an answer that is no list of projects authenticates nobody, and is no denial",
        arguments: [
            "", "{}", "null", "<html>", #"["x"]"#, projectRow,
        ]
    )
    func wrongList(body: String) async {
        let error = await failure { () throws(LedgerError) in
            let ledger = client(ScriptedTransport([.status(200, body)]))
            _ = try await ledger.authenticate(callerToken: callerToken)
        }
        #expect(error?.code == .unreadable)
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

    @Test(
        "a project is gone where ScanLedger does not know it and lists others, and not where something else answers 404"
    )
    func presence() async throws {
        let list = "https://ledger.test/api/projects"
        let there = ScriptedTransport([.status(200, projectRow)])
        #expect(try await client(there).hasProject(project))
        #expect(there.requests.map(\.url) == [projectURL])
        #expect(there.requests[0].headers["Authorization"] == "Bearer \(ownToken)")
        let gone = ScriptedTransport([.status(404), .status(200, "[]")])
        #expect(try await !client(gone).hasProject(project))
        #expect(gone.requests.map(\.url) == [projectURL, list])
        for (answers, code) in [
            ([.status(404), .status(404)], LedgerError.Code.notFound),
            ([.status(404), .status(200, "[\(projectRow)]")], .notFound),
            ([.status(404), .status(200, "<html>")], .unreadable),
            ([.status(404), .status(503)], .unavailable), ([.status(401)], .unauthorised),
            ([.status(200, "{}")], .unreadable),
        ] as [([ScriptedTransport.Answer], LedgerError.Code)] {
            let error = await failure { () throws(LedgerError) in
                _ = try await client(ScriptedTransport(answers)).hasProject(project)
            }
            #expect(error?.code == code)
        }
    }

    @Test("without a project, the list of the caller's projects authenticates")
    func authenticate() async throws {
        let transport = ScriptedTransport([.status(200, "[]"), .status(401), .status(200, "[\(projectRow)]")])
        #expect(try await client(transport).authenticate(callerToken: callerToken))
        #expect(try await !client(transport).authenticate(callerToken: callerToken))
        #expect(try await client(transport).authenticate(callerToken: callerToken))
        #expect(transport.requests.map(\.url) == Array(repeating: "https://ledger.test/api/projects", count: 3))
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

    @Test("no token is shown by what holds it")
    func shownTokens() async throws {
        let transport = ScriptedTransport([.status(200, "[]")])
        let ledger = client(transport)
        _ = try await ledger.authenticate(callerToken: callerToken)
        let request = try #require(transport.requests.first)
        var dumped = ""
        dump(ledger, to: &dumped)
        dump(request, to: &dumped)
        for text in ["\(ledger)", String(reflecting: ledger), "\(request)", String(reflecting: request), dumped] {
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
