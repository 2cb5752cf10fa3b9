import Foundation
import HTTPTransport
import Logging
import ServiceLifecycle
import Testing

@Suite("Cancellation and shutdown of the HTTP transport", .timeLimit(.minutes(1)))
struct CancellationTests {
    @Test("cancelling one of many requests under way ends that one alone")
    func cancelsOne() async throws {
        let gate = DispatchSemaphore(value: 0)
        let answer: @Sendable (LoopbackHTTPServer.Request) -> LoopbackHTTPServer.Reply = { request in
            if request.path == "/hold" { return .hold }
            gate.wait()
            return .response()
        }
        try await withServer(HTTPTransportConfiguration(maximumConnectionsPerHost: 20), answering: answer) {
            server,
            transport in
            let others = (0..<19).map { number in
                Task { try await transport.send(HTTPTransportRequest(url: server.url("/\(number)"))).status }
            }
            let one = Task { await failure(of: transport, HTTPTransportRequest(url: server.url("/hold"))) }
            var arrivals = server.arrivals.makeAsyncIterator()
            for _ in 0..<20 {
                _ = await arrivals.next()
            }
            one.cancel()
            let error = await one.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveReachedServer == true)
            var departures = server.departures.makeAsyncIterator()
            #expect(await departures.next() == "/hold")
            others.forEach { _ in gate.signal() }
            for other in others {
                try #expect(await other.value == 200)
            }
        }
    }

    @Test("a task that is cancelled beforehand sends nothing")
    func cancelledBeforehand() async throws {
        try await withServer(answering: { _ in .response() }) { server, transport in
            let (isCancelled, cancelled) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in isCancelled {}
                return await failure(of: transport, HTTPTransportRequest(url: server.url("/never")))
            }
            task.cancel()
            cancelled.finish()
            let error = await task.value
            #expect(error?.code == .cancelled)
            #expect(error?.mayHaveReachedServer == false)
            try #expect(await transport.send(HTTPTransportRequest(url: server.url("/after"))).status == 200)
            #expect(server.requests.map(\.path) == ["/after"])
        }
    }

    @Test("a request that waits for run() can be cancelled")
    func cancelledBeforeRun() async throws {
        let transport = try HTTPTransport(logger: Logger(label: "test"))
        let task = Task { await failure(of: transport, HTTPTransportRequest(url: "http://127.0.0.1:1/")) }
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test("graceful shutdown ends run(), and every request that has no answer is cancelled")
    func shutsDown() async throws {
        let server = try LoopbackHTTPServer { _ in .hold }
        defer { server.stop() }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let transport = try HTTPTransport(
            configuration: HTTPTransportConfiguration(maximumConnectionsPerHost: 1),
            logger: logger
        )
        let group = ServiceGroup(services: [transport], logger: logger)
        async let running: Void = group.run()
        async let sent = failure(of: transport, HTTPTransportRequest(url: server.url()))
        var arrivals = server.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        async let waiting = failure(of: transport, HTTPTransportRequest(url: server.url()))
        await group.triggerGracefulShutdown()
        try await running
        #expect(await sent?.code == .cancelled)
        #expect(await sent?.mayHaveReachedServer == true)
        #expect(await waiting?.code == .cancelled)
        #expect(await waiting?.mayHaveReachedServer == false)
        let later = await failure(of: transport, HTTPTransportRequest(url: server.url()))
        #expect(later?.code == .cancelled)
        #expect(later?.mayHaveReachedServer == false)
    }
}
