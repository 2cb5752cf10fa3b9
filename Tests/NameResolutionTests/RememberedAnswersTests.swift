import AddressSpace
import NameResolution
import Testing

@Suite("Remembered answers of the name resolver", .timeLimit(.minutes(1)))
struct RememberedAnswersTests {
    private static let address = IPAddress.v4(0xc000_0201)

    @Test(
        "an answer that holds for some time is not asked for again, one that does not is",
        arguments: [
            (LoopbackDNSServer.Reply.addresses([address]), 1),
            (.addresses([address], timeToLive: 0), 2),
            (.alias(of: address, timeToLive: 60), 1),
            (.alias(of: address, timeToLive: 0), 2),
        ]
    )
    func addresses(reply: LoopbackDNSServer.Reply, questions: Int) async throws {
        try await withServer(answering: { _ in reply }) { server, resolver in
            for _ in 0..<2 {
                #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
            }
            #expect(server.questions.count == questions)
        }
    }

    @Test("that there is no such name is remembered too", arguments: [LoopbackDNSServer.Reply.code(3), .noData])
    func notFound(reply: LoopbackDNSServer.Reply) async throws {
        try await withServer(answering: { _ in reply }) { server, resolver in
            for _ in 0..<2 {
                #expect(await resolver.resolve("a.test", families: [.v4]).isNotFound)
            }
            #expect(server.questions.count == 1)
        }
    }

    @Test("that nobody answered is not remembered")
    func unavailable() async throws {
        try await withServer(timeout: .milliseconds(50), tries: 1, answering: { _ in .silence }) { server, resolver in
            for _ in 0..<2 {
                #expect(await resolver.resolve("a.test", families: [.v4]).isUnavailable)
            }
            #expect(server.questions.count == 2)
        }
    }

    @Test("of two families only the one that is not known is asked for")
    func otherFamily() async throws {
        let answer: @Sendable (LoopbackDNSServer.Question) -> LoopbackDNSServer.Reply = { question in
            question.family == .v4 ? .addresses([Self.address]) : .noData
        }
        try await withServer(answering: answer) { server, resolver in
            #expect(await resolver.resolve("a.test", families: [.v4]) == .addresses([Self.address]))
            #expect(await resolver.resolve("a.test", families: [.v4, .v6]) == .addresses([Self.address]))
            #expect(server.questions.map(\.family) == [.v4, .v6])
        }
    }
}
