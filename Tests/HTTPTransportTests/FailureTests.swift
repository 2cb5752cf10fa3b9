import Foundation
import HTTPTransport
import Testing

@Suite("Failures of the HTTP transport", .timeLimit(.minutes(1)))
struct FailureTests {
    @Test("a refused connection is unreachable, and nothing was sent")
    func refused() async throws {
        let port = try LoopbackHTTPServer.unusedPort()
        try await withTransport { transport in
            let error = await failure(of: transport, HTTPTransportRequest(url: "http://127.0.0.1:\(port)/"))
            #expect(error?.code == .unreachable)
            #expect(error?.mayHaveReachedServer == false)
            #expect(error?.isRetryable == true)
        }
    }

    @Test("an unknown host name is unreachable, and nothing was sent")
    func unresolvable() async throws {
        try await withTransport { transport in
            let error = await failure(of: transport, HTTPTransportRequest(url: "http://x.invalid/"))
            #expect(error?.code == .unreachable)
            #expect(error?.mayHaveReachedServer == false)
        }
    }

    @Test("a server that closes after it has read may have acted on the request")
    func closedWithoutAnswer() async throws {
        try await withServer(answering: { _ in .close }) { server, transport in
            let error = await failure(
                of: transport,
                HTTPTransportRequest(method: .post, url: server.url(), body: .bytes([1]))
            )
            #expect(error?.code == .other)
            #expect(error?.mayHaveReachedServer == true)
        }
    }

    @Test("an answer that ends too early is no answer")
    func truncated() async throws {
        try await withServer(answering: { _ in .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") }) {
            server,
            transport in
            let error = await failure(of: transport, HTTPTransportRequest(url: server.url()))
            #expect(error?.code == .other)
            #expect(error?.mayHaveReachedServer == true)
        }
    }

    @Test(
        "a POST whose kept connection is lost is not sent again; a GET is",
        arguments: HTTPTransportRequest.Method.allCases
    )
    func resending(method: HTTPTransportRequest.Method) async throws {
        try await withServer(answering: { $0.predecessors == 0 ? .response() : .close }) { server, transport in
            _ = try await transport.send(HTTPTransportRequest(url: server.url("/first")))
            let error = await failure(of: transport, HTTPTransportRequest(method: method, url: server.url("/second")))
            let sent = server.requests.count { $0.path == "/second" }
            if method.isIdempotent {
                #expect(error == nil)
                #expect(sent == 2)
            } else {
                #expect(error?.code == .other)
                #expect(error?.mayHaveReachedServer == true)
                #expect(sent == 1)
            }
        }
    }

    @Test("a server that never answers meets the deadline")
    func deadline() async throws {
        try await withServer(answering: { _ in .hold }) { server, transport in
            let start = ContinuousClock.now
            let error = await failure(
                of: transport,
                HTTPTransportRequest(url: server.url(), deadline: .seconds(3))
            )
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveReachedServer == true)
            #expect(ContinuousClock.now - start >= .seconds(3))
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test("the deadline also runs while a request waits for a connection; it was never sent")
    func deadlineInLine() async throws {
        let configuration = HTTPTransportConfiguration(maximumConnectionsPerHost: 1)
        try await withServer(configuration, answering: { $0.path == "/hold" ? .hold : .response() }) {
            server,
            transport in
            let holding = Task { await failure(of: transport, HTTPTransportRequest(url: server.url("/hold"))) }
            var arrivals = server.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            let error = await failure(
                of: transport,
                HTTPTransportRequest(url: server.url("/second"), deadline: .milliseconds(100))
            )
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveReachedServer == false)
            holding.cancel()
            #expect(await holding.value?.code == .cancelled)
            try #expect(await transport.send(HTTPTransportRequest(url: server.url("/third"))).status == 200)
            #expect(server.requests.map(\.path) == ["/hold", "/third"])
        }
    }

    @Test("a deadline that has passed already sends nothing")
    func deadlineAlreadyPassed() async throws {
        try await withServer(answering: { _ in .response() }) { server, transport in
            let error = await failure(of: transport, HTTPTransportRequest(url: server.url(), deadline: .zero))
            #expect(error?.code == .timedOut)
            #expect(error?.mayHaveReachedServer == false)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "a body larger than allowed is refused, announced or not",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world",
        ]
    )
    func bodyTooLarge(answer: String) async throws {
        try await withServer(answering: { _ in .raw(answer) }) { server, transport in
            let tooSmall = HTTPTransportRequest(url: server.url(), maximumResponseBytes: 10)
            let error = await failure(of: transport, tooSmall)
            #expect(error?.code == .tooLarge)
            #expect(error?.mayHaveReachedServer == true)
            let enough = HTTPTransportRequest(url: server.url(), maximumResponseBytes: 11)
            try #expect(await transport.send(enough).body == Array("hello world".utf8))
        }
    }

    @Test("headers without end are refused")
    func headersTooLarge() async throws {
        let headers = String(repeating: "X-Filler: \(String(repeating: "y", count: 1000))\r\n", count: 100)
        try await withServer(answering: { _ in .raw("HTTP/1.1 200 OK\r\n\(headers)\r\n") }) { server, transport in
            let error = await failure(of: transport, HTTPTransportRequest(url: server.url()))
            #expect(error?.code == .tooLarge)
        }
    }
}
