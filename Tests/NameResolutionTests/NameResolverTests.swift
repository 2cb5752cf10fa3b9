import AddressSpace
import Foundation
import NameResolution
import Testing

@Suite("Name resolver", .timeLimit(.minutes(1)))
struct NameResolverTests {
    private static let v4 = [IPAddress.v4(0xc000_0201), .v4(0xc000_0203), .v4(0xc000_0202)]
    private static let v6 = [IPAddress.v6(0x2001_0db8 << 96 | 1)]

    private static let bothFamilies: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
        .addresses(question.family == .v4 ? v4 + [v4[0]] : v6)
    }

    @Test("addresses come in the server's order, each once, IPv4 before IPv6")
    func addresses() async throws {
        try await withServer(answering: Self.bothFamilies) { server, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses(Self.v4))
            #expect(await resolver.resolve("a.test", families: [.v6]) == .addresses(Self.v6))
            #expect(await resolver.resolve("a.test", families: [.v4, .v6]) == .addresses(Self.v4 + Self.v6))
            #expect(server.questions.count == 2)
        }
    }

    @Test("two thousand names at once are all answered")
    func manyNames() async throws {
        let address: @Sendable (Int) -> IPAddress = { .v4(0x0a00_0000 + UInt32($0)) }
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            .addresses([address(Int(question.name.prefix { $0 != "." }) ?? 0)])
        }
        try await withServer(answering: answer) { _, resolver in
            let correct = await withTaskGroup(of: Bool.self) { group in
                for number in 1...2000 {
                    group.addTask {
                        await resolver.resolve("\(number).test", families: [.v4]) == .addresses([address(number)])
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(correct == 2000)
        }
    }

    @Test("a name that several ask for at once is asked once")
    func asksOnce() async throws {
        try await withServer(timeout: .seconds(1), tries: 1, answering: { _ in .silence }) { server, resolver in
            let resolutions = await withTaskGroup(of: Resolution.self) { group in
                for _ in 0..<100 {
                    group.addTask { await resolver.resolve("a.test", families: [.v4]) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(resolutions.count == 100)
            #expect(resolutions.allSatisfy { $0.isUnavailable })
            #expect(server.questions.count == 1)
        }
    }

    @Test("NXDOMAIN and an answer without addresses are not found, and asked once", arguments: [3, nil])
    func notFound(code: UInt8?) async throws {
        try await withServer(answering: { _ in code.map { .code($0) } ?? .noData }) { server, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]).isNotFound)
            #expect(server.questions == [.init(name: "a.test", family: .v4)])
        }
    }

    @Test("no search domain is ever tried, whatever the environment says")
    func noSearchDomains() async {
        await #expect(processExitsWith: .success) {
            setenv("LOCALDOMAIN", "search.test", 1)
            try await withServer(answering: { _ in .code(3) }) { server, resolver in
                #expect(await resolver.resolve("host", families: [.v4]).isNotFound)
                #expect(server.questions.map(\.name) == ["host"])
            }
        }
    }

    @Test("addresses of one family are enough, but silence for one family leaves the name unknown")
    func oneFamilySilent() async throws {
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            if question.family == .v6 { return .silence }
            return question.name == "a.test" ? .addresses(Self.v4) : .noData
        }
        try await withServer(timeout: .milliseconds(500), tries: 1, answering: answer) { _, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4, .v6]) == .addresses(Self.v4))
            #expect(await resolver.resolve("b.test", families: [.v4, .v6]).isUnanswered)
        }
    }

    @Test("the hosts file is read: this machine's own name needs no server")
    func hostsFile() async throws {
        try await withServer(answering: { _ in .code(3) }) { server, resolver in
            #expect(await resolver.resolve("localhost", families: [.v4]) == .addresses([.v4(0x7f00_0001)]))
            #expect(server.questions.isEmpty)
        }
    }

    @Test(
        "what cannot be a name is not found and not asked",
        arguments: [
            "", "a\0.test", String(repeating: "a", count: 64) + ".test",
        ]
    )
    func noNames(name: String) async throws {
        try await withServer(answering: Self.bothFamilies) { server, resolver in
            #expect(await resolver.resolve(name, families: [.v4]).isNotFound)
            #expect(server.questions.isEmpty)
        }
    }

    @Test("a server list that cannot be read is refused when the resolver is made")
    func invalidServers() {
        #expect(throws: NameResolverError.self) {
            try NameResolver(
                configuration: NameResolverConfiguration(servers: ["not an address"]),
                logger: silentLogger
            )
        }
    }
}
