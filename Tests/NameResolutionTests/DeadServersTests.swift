import AddressSpace
import NameResolution
import Synchronization
import Testing

@Suite("Name servers that do not answer", .timeLimit(.minutes(1)))
struct DeadServersTests {
    private static let address = IPAddress.v4(0xc000_0201)

    /// Silence for names that end in `dead.test`, an address for others.
    private static let silentForSome: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
        question.name.hasSuffix("dead.test") ? .silence : .addresses([address])
    }

    /// Other tests keep the machine busy, so that a second may become ten; that tries are flat and deadlines are kept is
    /// tested on `LookupTable`, where time is what the test says.
    private static let patience = Duration.seconds(15)

    @Test("a name is asked so many times and then given up, however many servers there are", arguments: [1, 5])
    func flatTries(servers count: Int) async throws {
        let servers = try (0..<count).map { _ in try LoopbackDNSServer { _ in .silence } }
        defer { servers.forEach { $0.stop() } }
        let configuration = NameResolverConfiguration(
            servers: servers.map(\.address),
            timeout: .milliseconds(200),
            tries: 3
        )
        try await withResolver(configuration) { resolver in
            let start = ContinuousClock.now
            #expect(await resolver.resolve("a.test", families: [.v4]).isUnavailable)
            let taken = ContinuousClock.now - start
            #expect(taken >= .milliseconds(600) && taken < Self.patience)
            #expect(servers.flatMap(\.questions).count == 3)
            #expect(servers.filter { !$0.questions.isEmpty }.count == min(count, 3))
        }
    }

    @Test("with one of five servers dead, each name is answered, and after a timeout the dead one is left alone")
    func oneServerOfFive() async throws {
        let dead = try LoopbackDNSServer { _ in .silence }
        let others = try (0..<4).map { _ in try LoopbackDNSServer { _ in .addresses([Self.address]) } }
        let servers = [dead] + others
        defer { servers.forEach { $0.stop() } }
        let configuration = NameResolverConfiguration(
            servers: servers.map(\.address),
            timeout: .milliseconds(500)
        )
        try await withResolver(configuration) { resolver in
            let start = ContinuousClock.now
            let found = await resolveAll((0..<1000).map { "\($0).test" }, by: resolver)
            #expect(found.values.allSatisfy { $0 == .addresses([Self.address]) })
            #expect(ContinuousClock.now - start < Self.patience)
            let askedInVain = dead.questions.count
            #expect(askedInVain > 100)
            let later = await resolveAll((0..<100).map { "later.\($0).test" }, by: resolver)
            #expect(later.values.allSatisfy { $0 == .addresses([Self.address]) })
            // A single question is what a probe would take, on a machine so slow that the time is over.
            #expect(dead.questions.count <= askedInVain + 1)
        }
    }

    @Test("with one name in five dead behind one server, each healthy name is answered and each dead one given up")
    func oneNameInFive() async throws {
        let names = (0..<1000).map { $0.isMultiple(of: 5) ? "\($0).dead.test" : "\($0).test" }
        try await withServer(timeout: .milliseconds(500), answering: Self.silentForSome) { _, resolver in
            let start = ContinuousClock.now
            let found = await resolveAll(names, by: resolver)
            #expect(ContinuousClock.now - start < Self.patience)
            let wrong = found.filter { name, resolution in
                name.hasSuffix("dead.test") ? !resolution.isUnanswered : resolution != .addresses([Self.address])
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test("names that wait for dead servers do not keep others from being asked")
    func noStarvation() async throws {
        let answer = Self.silentForSome
        try await withServer(timeout: .seconds(20), maximumConcurrent: 8, answering: answer) { server, resolver in
            let start = ContinuousClock.now
            let silent = (0..<40).map { number in
                Task { await resolver.resolve("\(number).dead.test", families: [.v4]) }
            }
            defer { silent.forEach { $0.cancel() } }
            var arrivals = server.arrivals.makeAsyncIterator()
            for _ in 0..<8 {
                _ = await arrivals.next()
            }
            let found = await resolveAll((0..<100).map { "\($0).test" }, by: resolver)
            #expect(found.values.allSatisfy { $0 == .addresses([Self.address]) })
            #expect(ContinuousClock.now - start < .seconds(55), "the first dead name is given up after sixty")
        }
    }

    @Test("whether a name or the server is dead shows by asking for a name that was answered before")
    func asksAgainForAKnownName() async throws {
        let isDown = Mutex(false)
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            isDown.withLock(\.self) ? .silence : Self.silentForSome(question)
        }
        try await withServer(timeout: .milliseconds(300), answering: answer) { server, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
            #expect(await resolver.resolve("one.dead.test", families: [.v4]).isUnanswered)
            #expect(server.questions.count { $0.name == "a.test" } > 1)
            isDown.withLock { $0 = true }
            #expect(await resolver.resolve("two.dead.test", families: [.v4]).isUnavailable)
        }
    }

    @Test("the next server answers for one that is silent, not there or unwilling", arguments: [nil, 0, 2, 5])
    func nextServer(code: UInt8?) async throws {
        let failing = try LoopbackDNSServer { _ in code.map { .code($0) } ?? .silence }
        let healthy = try LoopbackDNSServer { _ in .addresses([Self.address]) }
        defer {
            failing.stop()
            healthy.stop()
        }
        let first = try code == 0 ? LoopbackDNSServer.unusedAddress() : failing.address
        let configuration = NameResolverConfiguration(
            servers: [first, healthy.address],
            timeout: .milliseconds(100)
        )
        try await withResolver(configuration) { resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
        }
    }

    @Test("SERVFAIL and REFUSED of all servers are unavailable, after as many tries", arguments: [UInt8(2), 5])
    func serverCodes(code: UInt8) async throws {
        try await withServer(timeout: .milliseconds(100), answering: { _ in .code(code) }) { server, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]).isUnavailable)
            #expect(server.questions.count == 3)
        }
    }

    @Test("a server that fails for a moment is asked again")
    func failsForAMoment() async throws {
        let isFirst = Mutex(true)
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { _ in
            isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst ? .code(2) : .addresses([Self.address])
            }
        }
        try await withServer(timeout: .milliseconds(100), answering: answer) { _, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
        }
    }

    @Test("a name that the server fails for, while it answers for another, is unanswered")
    func failsForOne() async throws {
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            question.name == "broken.test" ? .code(2) : .addresses([Self.address])
        }
        try await withServer(timeout: .milliseconds(300), answering: answer) { _, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
            #expect(await resolver.resolve("broken.test", families: [.v4]).isUnanswered)
        }
    }

    @Test("where nobody listens a name is unavailable, not unknown")
    func noServer() async throws {
        let configuration = NameResolverConfiguration(
            servers: [try LoopbackDNSServer.unusedAddress()],
            timeout: .milliseconds(100)
        )
        try await withResolver(configuration) { resolver in
            #expect(await resolver.resolve("a.test", families: [.v4, .v6]).isUnavailable)
        }
    }
}
