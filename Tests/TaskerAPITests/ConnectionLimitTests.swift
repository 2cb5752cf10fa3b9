import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Synchronization
import Testing

@testable import TaskerAPI

/// Over sockets, as callers have them. Each limit is crossed, and not by much.
@Suite("Limits of a connection", .timeLimit(.minutes(1)))
struct ConnectionLimitTests {
    private let fixture = APIFixture()

    /// Limits that are never reached, for tests to lower one of them.
    private static let patient: ConnectionLimits = {
        var limits = ConnectionLimits()
        (limits.headTime, limits.bodyTime, limits.idleTime) = (.hours(1), .hours(1), .hours(1))
        return limits
    }()

    private func withServer(
        connections: Int = 100,
        _ change: (inout ConnectionLimits) -> Void,
        _ body: @Sendable (Int) async throws -> Void
    ) async throws {
        var limits = Self.patient
        change(&limits)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: fixture.api.makeResponder(),
            server: APIServices.plainServer(limits, logger: logger),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: 0),
                availableConnectionsDelegate: .maximum(connections, logger: logger)
            ),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }

    /// Everything that comes back until the server closes, which on a busy machine may be before all is sent.
    private func answer(to text: String, port: Int) async throws -> String {
        try await RawConnection.open(port: port) { connection in
            try? await connection.send(text)
            return try await connection.readToEnd()
        }
    }

    private static let get = "GET /health HTTP/1.1\r\nHost: t\r\n"

    @Test(
        "header fields within the limits are taken",
        arguments: [
            "X: \(String(repeating: "x", count: 900))\r\n", String(repeating: "X: y\r\n", count: 8),
        ]
    )
    func headersWithin(fields: String) async throws {
        try await withServer { limits in
            (limits.headerFieldBytes, limits.headerBytes, limits.headerFields) = (1_000, 2_000, 10)
        } _: { port in
            let answer = try await answer(to: Self.get + fields + "Connection: close\r\n\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test(
        "a header that is too long, too many of them, or too long a path are a 400, and the connection is closed",
        arguments: [
            get + "X: \(String(repeating: "x", count: 1_100))\r\n\r\n",
            get + String(repeating: "X: \(String(repeating: "x", count: 500))\r\n", count: 5) + "\r\n",
            get + String(repeating: "X: y\r\n", count: 12) + "\r\n",
            "GET /\(String(repeating: "x", count: 1_100)) HTTP/1.1\r\nHost: t\r\n\r\n",
        ]
    )
    func headersBeyond(text: String) async throws {
        try await withServer { limits in
            (limits.headerFieldBytes, limits.headerBytes, limits.headerFields) = (1_000, 2_000, 10)
        } _: { port in
            let answer = try await answer(to: text, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("a head that does not come to its end, and one that does not begin", arguments: [get, "G", ""])
    func slowHead(text: String) async throws {
        try await withServer {
            $0.headTime = .milliseconds(50)
        } _: { port in
            let answer = try await answer(to: text, port: port)
            #expect(answer == "")
        }
    }

    @Test("a connection on which nothing comes any more, and one with half of a second request", arguments: ["", get])
    func idle(rest: String) async throws {
        try await withServer {
            $0.idleTime = .seconds(1)
        } _: { port in
            let text = try await answer(to: Self.get + "\r\n" + rest, port: port)
            #expect(text.hasPrefix("HTTP/1.1 200 ") && text.split(separator: "HTTP/1.1").count == 1)
        }
    }

    @Test("a body that does not come to its end is a 408, and the connection is closed")
    func slowBody() async throws {
        try await withServer {
            $0.bodyTime = .milliseconds(50)
        } _: { port in
            let head =
                "POST /tasks/\(APIFixture.project)/run-nmap HTTP/1.1\r\nHost: t\r\n"
                + "Authorization: Bearer \(APIFixture.token)\r\nContent-Length: 50000\r\n\r\n"
            let text = try await answer(to: head + "{", port: port)
            #expect(text.hasPrefix("HTTP/1.1 408 ") && text.contains("the body took too long to arrive"))
        }
    }

    @Test("a body that nobody reads is not waited for any longer than one that somebody does")
    func slowUnreadBody() async throws {
        try await withServer {
            $0.bodyTime = .milliseconds(50)
        } _: { port in
            let head = "POST /nothing HTTP/1.1\r\nHost: t\r\nContent-Length: 50000\r\n\r\n"
            let answer = try await answer(to: head, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test("beyond so many connections nobody is served until one of them is closed")
    func connections() async throws {
        let moment = Moment()
        try await withServer(connections: 2) { _ in
        } _: { port in
            try await RawConnection.open(port: port) { first in
                try await first.send(Self.get + "\r\n")
                #expect(try await first.read().hasPrefix("HTTP/1.1 200 "))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    try await RawConnection.open(port: port) { second in
                        try await second.send(Self.get + "\r\n")
                        #expect(try await second.read().hasPrefix("HTTP/1.1 200 "))
                        group.addTask {
                            let text = try await answer(to: Self.get + "Connection: close\r\n\r\n", port: port)
                            #expect(moment.hasCome && text.hasPrefix("HTTP/1.1 200 "))
                        }
                        // The first is still served, after the third has had time to connect.
                        for _ in 0..<20 {
                            try await first.send(Self.get + "\r\n")
                            #expect(try await first.read().hasPrefix("HTTP/1.1 200 "))
                        }
                        moment.come()
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}

private final class Moment: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }

    func come() {
        state.withLock { $0 = true }
    }
}

@Suite("Requests that arrive slowly")
struct SlowSenderTests {
    private let loop = EmbeddedEventLoop()

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: loop)
        let handler = SlowSenderHandler(headTime: .seconds(10), bodyTime: .seconds(60))
        try channel.pipeline.syncOperations.addHandler(handler)
        return channel
    }

    private static let head = HTTPRequestPart.head(
        HTTPRequest(method: .post, scheme: "http", authority: "t", path: "/")
    )

    @Test("bytes that come one by one do not make the time of a body longer")
    func bitByBit() throws {
        let channel = try channel()
        try channel.writeInbound(Self.head)
        for _ in 0..<59 {
            loop.advanceTime(by: .seconds(1))
            try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: " ")))
        }
        loop.advanceTime(by: .seconds(1))
        #expect(throws: SlowSenderHandler.TimeOver.self) { try channel.throwIfErrorCaught() }
    }

    @Test("who has sent all of a request may take any time for the next")
    func inTime() throws {
        let channel = try channel()
        for _ in 0..<2 {
            try channel.writeInbound(Self.head)
            loop.advanceTime(by: .seconds(59))
            try channel.writeInbound(HTTPRequestPart.end(nil))
            loop.advanceTime(by: .hours(1))
            try channel.throwIfErrorCaught()
        }
    }

    @Test("the first head has its own time")
    func firstHead() throws {
        let channel = try channel()
        loop.advanceTime(by: .seconds(9))
        try channel.throwIfErrorCaught()
        loop.advanceTime(by: .seconds(1))
        #expect(throws: SlowSenderHandler.TimeOver.self) { try channel.throwIfErrorCaught() }
    }
}
