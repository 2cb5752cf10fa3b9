import AddressSpace
import Dispatch
import NameResolution
import ServiceLifecycle
import Testing

@Suite("Cancellation and shutdown of the name resolver", .timeLimit(.minutes(1)))
struct CancellationTests {
    private static let address = IPAddress.v4(0xc000_0201)

    @Test("cancelling one of many look-ups ends that one alone")
    func cancelsOne() async throws {
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            question.name == "silent.test" ? .silence : .addresses([Self.address])
        }
        try await withServer(answering: answer) { server, resolver in
            let one = Task { await resolver.resolve("silent.test", families: [.v4]) }
            var arrivals = server.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            let others = (0..<100).map { number in
                Task { await resolver.resolve("\(number).test", families: [.v4]) }
            }
            one.cancel()
            #expect(await one.value == .unavailable(reason: "the task was cancelled"))
            for other in others {
                #expect(await other.value == .addresses([Self.address]))
            }
        }
    }

    @Test("of two who wait for one name, one can give up")
    func sharedLookup() async throws {
        let gate = DispatchSemaphore(value: 0)
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { _ in
            gate.wait()
            gate.signal()
            return .addresses([Self.address])
        }
        try await withServer(answering: answer) { server, resolver in
            let one = Task { await resolver.resolve("a.test", families: [.v4]) }
            let other = Task { await resolver.resolve("a.test", families: [.v4]) }
            var arrivals = server.arrivals.makeAsyncIterator()
            _ = await arrivals.next()
            one.cancel()
            #expect(await one.value.isUnavailable)
            gate.signal()
            #expect(await other.value == .addresses([Self.address]))
        }
    }

    @Test("a look-up that waits for run() can be cancelled")
    func cancelledBeforeRun() async throws {
        let resolver = try NameResolver(logger: silentLogger)
        let task = Task { await resolver.resolve("a.test", families: [.v4]) }
        task.cancel()
        #expect(await task.value.isUnavailable)
    }

    @Test("graceful shutdown ends run(), and every name that has no answer is unavailable")
    func shutsDown() async throws {
        let server = try LoopbackDNSServer { _ in .silence }
        defer { server.stop() }
        let resolver = try NameResolver(
            configuration: NameResolverConfiguration(servers: [server.address], maximumConcurrent: 1),
            logger: silentLogger
        )
        let group = ServiceGroup(services: [resolver], logger: silentLogger)
        async let running: Void = group.run()
        async let asked = resolver.resolve("a.test", families: [.v4, .v6])
        var arrivals = server.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        async let waiting = resolver.resolve("b.test", families: [.v4])
        await group.triggerGracefulShutdown()
        try await running
        let shutDown = Resolution.unavailable(reason: "the resolver has been shut down")
        #expect(await asked == shutDown)
        #expect(await waiting == shutDown)
        #expect(await resolver.resolve("c.test", families: [.v4]) == shutDown)
    }
}
