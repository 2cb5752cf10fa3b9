import HTTPTransport
import Logging
import Synchronization
import Testing

@Suite("Logs of the HTTP transport")
struct LoggingTests {
    @Test("a failed request is logged without its token, its query or its body")
    func keepsSecrets() async throws {
        let log = Log()
        var logger = Logger(label: "test", factory: { _ in Recorder(log: log) })
        logger.logLevel = .trace
        let port = try LoopbackHTTPServer.unusedPort()
        try await withTransport(logger: logger) { transport in
            let request = HTTPTransportRequest(
                method: .post,
                url: "http://127.0.0.1:\(port)/path?key=secret-1",
                headers: ["Authorization": "Bearer secret-2"],
                body: .bytes(Array("secret-3".utf8))
            )
            #expect(await failure(of: transport, request) != nil)
        }
        #expect(log.lines.contains { $0.contains("http://127.0.0.1:\(port)") })
        #expect(!log.lines.contains { $0.contains("secret") })
    }
}

private final class Log: Sendable {
    private let entries = Mutex<[String]>([])

    var lines: [String] { entries.withLock { $0 } }

    func append(_ line: String) {
        entries.withLock { $0.append(line) }
    }
}

private struct Recorder: LogHandler {
    let log: Log
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.append("\(event.message) \(event.metadata ?? [:])")
    }
}
