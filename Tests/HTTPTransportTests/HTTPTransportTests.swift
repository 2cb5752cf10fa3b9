import Foundation
import HTTPTransport
import Testing

@Suite("HTTP transport", .timeLimit(.minutes(1)))
struct HTTPTransportTests {
    @Test("a thousand requests at once share a few connections")
    func reusesConnections() async throws {
        let configuration = HTTPTransportConfiguration(maximumConnectionsPerHost: 8)
        try await withServer(configuration, answering: { .response(body: Array($0.path.utf8)) }) { server, transport in
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let response = try await transport.send(HTTPTransportRequest(url: server.url("/\(number)")))
                        return response.status == 200 && response.body == Array("/\(number)".utf8)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 1000)
            #expect(answers.allSatisfy { $0 })
            #expect(server.requests.count == 1000)
            #expect((1...8).contains(server.accepted))
        }
    }

    @Test("method, headers and body arrive as they are, and nothing is added to them")
    func sendsBytes() async throws {
        try await withServer(answering: { _ in .response(status: 201, headers: ["X-Two: a", "x-two: b"]) }) {
            server,
            transport in
            let body: [UInt8] = [0, 1, 255, 13, 10]
            let response = try await transport.send(
                HTTPTransportRequest(
                    method: .post,
                    url: server.url("/a?b=c"),
                    headers: ["Authorization": "Bearer t", "X-Empty": ""],
                    body: .bytes(body)
                )
            )
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.path == "/a?b=c")
            #expect(request.body == body)
            #expect(request.headers["authorization"] == "Bearer t")
            #expect(request.headers["x-empty"] == "")
            #expect(request.headers["content-type"] == nil)
            #expect(request.headers["expect"] == nil)
            #expect(response.status == 201)
            #expect(response.headers["X-TWO"] == "a")
            #expect(response.headers.fields.filter { $0.name.lowercased() == "x-two" }.map(\.value) == ["a", "b"])
        }
    }

    @Test("every method works without a body", arguments: HTTPTransportRequest.Method.allCases)
    func sendsNoBody(method: HTTPTransportRequest.Method) async throws {
        try await withServer(answering: { _ in .response() }) { server, transport in
            let response = try await transport.send(HTTPTransportRequest(method: method, url: server.url()))
            #expect(response.status == 200)
            #expect(response.body.isEmpty)
            #expect(server.requests.first?.method == method.rawValue)
            #expect(server.requests.first?.body.isEmpty == true)
        }
    }

    @Test("a form of two parts arrives as multipart/form-data, without waiting for a 100 Continue")
    func sendsForms() async throws {
        try await withServer(answering: { _ in .response() }) { server, transport in
            let report = [UInt8](repeating: UInt8(ascii: "x"), count: 2 << 20)
            _ = try await transport.send(
                HTTPTransportRequest(
                    method: .post,
                    url: server.url(),
                    body: .multipart([
                        .init(name: "file", fileName: "report.xml", contentType: "text/xml", content: report),
                        .init(name: "empty", content: []),
                    ])
                )
            )
            let request = try #require(server.requests.first)
            let type = try #require(request.headers["content-type"])
            #expect(type.hasPrefix("multipart/form-data; boundary="))
            #expect(request.headers["expect"] == nil)
            #expect(request.text.contains(#"Content-Disposition: form-data; name="file"; filename="report.xml""#))
            #expect(request.text.contains("Content-Type: text/xml"))
            #expect(request.text.contains(#"form-data; name="empty""#))
            #expect(request.body.count(where: { $0 == UInt8(ascii: "x") }) >= report.count)
        }
    }

    @Test("a redirect is an answer and is not followed")
    func doesNotFollowRedirects() async throws {
        try await withServer(answering: { _ in .response(status: 302, headers: ["Location: /other"]) }) {
            server,
            transport in
            let response = try await transport.send(HTTPTransportRequest(url: server.url()))
            #expect(response.status == 302)
            #expect(server.requests.count == 1)
        }
    }

    @Test("an interim answer is not the answer")
    func skipsInterimAnswers() async throws {
        let text = "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        try await withServer(answering: { _ in .raw(text) }) { server, transport in
            let response = try await transport.send(HTTPTransportRequest(url: server.url()))
            #expect(response.status == 200)
            #expect(response.headers["X-Early"] == nil)
            #expect(response.body == Array("ok".utf8))
        }
    }

    @Test("proxies of the environment are not used")
    func ignoresProxies() async {
        await #expect(processExitsWith: .success) {
            let proxy = "http://127.0.0.1:\(try LoopbackHTTPServer.unusedPort())"
            setenv("http_proxy", proxy, 1)
            setenv("all_proxy", proxy, 1)
            try await withServer(answering: { _ in .response() }) { server, transport in
                let response = try await transport.send(HTTPTransportRequest(url: server.url()))
                #expect(response.status == 200)
            }
        }
    }
}
