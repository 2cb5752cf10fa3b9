import HTTPTransport
import Logging
import Testing

/// Nothing is sent here: what cannot be sent is refused before the transport even runs.
@Suite("Requests that are refused")
struct ValidationTests {
    private let transport: HTTPTransport

    init() throws {
        transport = try HTTPTransport(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test(
        "line breaks and control characters in header values",
        arguments: [
            "a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "\u{7f}",
        ]
    )
    func headerValues(value: String) async {
        let error = await failure(
            of: transport,
            HTTPTransportRequest(url: "http://127.0.0.1/", headers: ["Authorization": value])
        )
        #expect(error?.code == .invalidRequest)
        #expect(error?.mayHaveReachedServer == false)
        #expect(error?.message.contains(value) == false)
    }

    @Test("header names that are no tokens", arguments: ["", "a b", "a:b", "a\r\nb", "ä"])
    func headerNames(name: String) async {
        let error = await failure(
            of: transport,
            HTTPTransportRequest(url: "http://127.0.0.1/", headers: [name: "x"])
        )
        #expect(error?.code == .invalidRequest)
    }

    @Test(
        "URLs that hold line breaks, blanks or other letters, or are not absolute http URLs",
        arguments: [
            "http://127.0.0.1/a\r\nHost: b", "http://127.0.0.1/a b", "http://127.0.0.1/ä", "127.0.0.1/", "/path", "",
            "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://user:password@127.0.0.1/",
            "http://127.0.0.1:99999/",
        ]
    )
    func urls(url: String) async {
        let error = await failure(of: transport, HTTPTransportRequest(url: url))
        #expect(error?.code == .invalidRequest)
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test(
        "line breaks in the names of form parts",
        arguments: [
            HTTPTransportRequest.FormPart(name: "a\r\nb", content: []),
            HTTPTransportRequest.FormPart(name: "a", fileName: "b\nc", content: []),
            HTTPTransportRequest.FormPart(name: "a", contentType: "text/xml\r\nX: y", content: []),
        ]
    )
    func formParts(part: HTTPTransportRequest.FormPart) async {
        let error = await failure(
            of: transport,
            HTTPTransportRequest(method: .post, url: "http://127.0.0.1/", body: .multipart([part]))
        )
        #expect(error?.code == .invalidRequest)
    }

    @Test("a body on a GET")
    func bodies() async {
        let error = await failure(
            of: transport,
            HTTPTransportRequest(method: .get, url: "http://127.0.0.1/", body: .bytes([1]))
        )
        #expect(error?.code == .invalidRequest)
    }
}
