import Foundation
import Hummingbird
import Logging
import NIOCore
import ScanModel
import Synchronization
import Testing

@testable import TaskerAPI

/// Over a socket, because it is the kernel that says when nothing more is taken.
@Suite("A caller that stops reading", .timeLimit(.minutes(1)))
struct StalledReaderTests {
    private let fixture = APIFixture()
    private var chunksRead: Int { fixture.store.state.withLock { $0.chunksRead.count } }

    private enum Event: Sendable {
        case listening(Int)
        case ended(blocks: Int)
    }

    /// A server of all routes, and of one whose answer has no end until writing it fails.
    private func serve(patience: TimeAmount, _ events: AsyncStream<Event>.Continuation) async throws {
        let router = fixture.api.makeRouter()
        router.get("endless") { _, _ in
            let body = ResponseBody { writer in
                var blocks = 0
                defer { events.yield(.ended(blocks: blocks)) }
                while true {
                    try await writer.write(ByteBuffer(repeating: 0x20, count: BlockWriter.blockSize))
                    blocks += 1
                }
            }
            return Response(status: .ok, body: body)
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var limits = ConnectionLimits()
        limits.readTime = patience
        let application = Application(
            responder: router.buildResponder(),
            server: APIServices.plainServer(limits, logger: logger),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { events.yield(.listening($0.localAddress?.port ?? 0)) },
            logger: logger
        )
        try await application.run()
    }

    private func withServer(
        patience: TimeAmount,
        _ body: (inout AsyncStream<Event>.Iterator, Int) async throws -> Void
    ) async throws {
        let (stream, events) = AsyncStream.makeStream(of: Event.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(patience: patience, events) }
            var iterator = stream.makeAsyncIterator()
            guard case .listening(let port) = await iterator.next() else { throw CancellationError() }
            try await body(&iterator, port)
            group.cancelAll()
        }
    }

    @Test("the connection is closed, and what writes to it is told")
    func stalled() async throws {
        try await withServer(patience: .milliseconds(50)) { events, port in
            let caller = try Caller(port: port)
            caller.ask(for: "/endless")
            guard case .ended(let blocks) = await events.next() else { throw CancellationError() }
            #expect(blocks > 0)
            withExtendedLifetime(caller) {}
        }
    }

    @Test("a report that nobody reads gives its place back")
    func stalledReport() async throws {
        let names = Array(repeating: String(repeating: "n", count: 250), count: 200)
        let addresses = (0..<2_000).map { SampleReport.address($0) }
        // Lines of 50 KB: more than the kernel holds is soon written.
        let sample = SampleReport(
            standings: addresses.map { _ in .done },
            hostnames: Dictionary(uniqueKeysWithValues: addresses.map { ($0, names) })
        )
        sample.put(in: fixture.store)
        try await withServer(patience: .milliseconds(50)) { _, port in
            let caller = try Caller(port: port)
            caller.ask(for: "/tasks/\(APIFixture.project)/scans/\(sample.id)/report")
            while chunksRead == 0 || fixture.api.admission.count > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            withExtendedLifetime(caller) {}
        }
    }

    @Test("a caller that hangs up is noticed at once")
    func hungUp() async throws {
        try await withServer(patience: .hours(1)) { events, port in
            do {
                let caller = try Caller(port: port)
                caller.ask(for: "/endless")
            }
            guard case .ended = await events.next() else { throw CancellationError() }
        }
    }
}

/// A socket that takes little and reads nothing; closed with its last reference.
private final class Caller {
    private let socket: Int32

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var size: Int32 = 4_096
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw CancellationError() }
    }

    deinit {
        close(socket)
    }

    func ask(for path: String) {
        let head = "GET \(path) HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(APIFixture.token)\r\n\r\n"
        let bytes = Array(head.utf8)
        _ = send(socket, bytes, bytes.count, 0)
    }
}
