import Foundation
import Logging
import RedisClient
import ServiceLifecycle
import Testing

@Suite("Redis client with a real server", .timeLimit(.minutes(1)))
struct RedisClientTests {
    private let key = "test:\(UUID().uuidString)"

    private func withClient(_ body: (RedisClient) async throws -> Void) async throws {
        try await RedisTesting.withClient(RedisTesting.sharedServer()) { client in
            try await body(client)
            try await client.execute(["DEL", .string(key)])
        }
    }

    @Test("what is written is read back, whatever its bytes")
    func roundTrip() async throws {
        try await withClient { client in
            let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
            let set = try await client.execute(["SET", .string(key), .bytes(value), "EX", 60])
            #expect(set == .status("OK"))
            #expect(try await client.execute(["GET", .string(key)]).bytes == value)
            #expect(try await client.execute(["STRLEN", .string(key)]).int == value.count)
            #expect(try await client.execute(["GET", .string("\(key):none")]).isNull)
        }
    }

    @Test("a thousand commands at once share one connection, and each gets its own reply")
    func concurrency() async throws {
        var configuration = try RedisTesting.sharedServer()
        configuration.clientName = "test-thousand-\(UUID().uuidString)"
        try await RedisTesting.withClient(configuration) { client in
            try await withThrowingTaskGroup(of: (Int, RedisValue).self) { group in
                for number in 0..<1_000 {
                    group.addTask { (number, try await client.execute(["ECHO", .int(number)])) }
                }
                for try await (number, reply) in group {
                    #expect(reply.int == number)
                }
            }
            let clients = try await client.execute(["CLIENT", "LIST"]).string ?? ""
            let own = clients.split(separator: "\n").filter { $0.contains("name=\(configuration.clientName) ") }
            #expect(own.count == 1)
        }
    }

    @Test("a batch is executed in order, and a refused command does not spoil the others")
    func batch() async throws {
        try await withClient { client in
            let key = RedisArgument.string(key)
            let pushes = (0..<500).map { ["RPUSH", key, .int($0)] as RedisCommand }
            let replies = try await client.execute(pushes + [["INCR", key], ["LRANGE", key, 0, -1]])
            #expect(replies.prefix(500).compactMap(\.int) == Array(1...500))
            #expect(replies[500].error?.code == "WRONGTYPE")
            #expect(replies[501].array?.compactMap(\.int) == Array(0..<500))
            #expect(try await client.execute([] as [RedisCommand]).isEmpty)
        }
    }

    @Test("an error of the server is thrown with its first word as code")
    func serverError() async throws {
        try await withClient { client in
            try await client.execute(["SET", .string(key), "text", "EX", 60])
            let code = await RedisTesting.code { try await client.execute(["LPUSH", .string(key), "x"]) }
            #expect(code == .server("WRONGTYPE"))
        }
    }

    @Test("an error inside a transaction's reply stays in its place")
    func nestedError() async throws {
        try await withClient { client in
            let key = RedisArgument.string(key)
            let replies = try await client.execute([["MULTI"], ["SET", key, "x"], ["INCR", key], ["EXEC"]])
            let results = try #require(replies.last?.array)
            #expect(results.first == .status("OK"))
            #expect(results.last?.error?.code == "ERR")
        }
    }

    @Test("a script runs though the server does not know it, and after it has forgotten it")
    func scripts() async throws {
        try await withClient { client in
            // The server has never seen a source with this key in it.
            let script = RedisScript(
                name: "sum",
                source: "-- \(key)\nreturn {KEYS[1], ARGV[1] + ARGV[2], ARGV[3]}"
            )
            func run() async throws -> RedisValue {
                try await client.evaluate(script, keys: [key], arguments: [2, .int(UInt64(40)), .bytes([0, 255])])
            }
            let expected = RedisValue.array([.bulk(Array(key.utf8)), .integer(42), .bulk([0, 255])])
            #expect(try await run() == expected)
            #expect(try await client.execute(["SCRIPT", "EXISTS", .string(script.sha1)]).array == [.integer(1)])
            try await client.execute(["SCRIPT", "FLUSH"])
            #expect(try await run() == expected)
        }
    }

    @Test("an error made by a script has the script's word as code")
    func scriptError() async throws {
        try await withClient { client in
            let script = RedisScript(
                name: "fenced",
                source: "return redis.error_reply('FENCED epoch ' .. ARGV[1] .. ' is over')"
            )
            for _ in 0..<2 {
                let error = await #expect(throws: RedisError.self) {
                    try await client.evaluate(script, arguments: [3])
                }
                #expect(error == RedisError(code: .server("FENCED"), message: "epoch 3 is over"))
            }
        }
    }

    @Test("messages reach every subscription of their channel, after its first marker")
    func messages() async throws {
        try await withClient { client in
            var both = client.messages(on: [key, "\(key):other"]).makeAsyncIterator()
            var one = client.messages(on: [key]).makeAsyncIterator()
            #expect(await both.next() == .subscribed)
            #expect(await one.next() == .subscribed)
            try await client.execute(["PUBLISH", .string("\(key):other"), "first"])
            try await client.execute(["PUBLISH", .string(key), .bytes([0, 1])])
            #expect(await both.next() == .message(channel: "\(key):other", payload: Array("first".utf8)))
            #expect(await both.next() == .message(channel: key, payload: [0, 1]))
            #expect(await one.next() == .message(channel: key, payload: [0, 1]))
        }
    }

    @Test("the connection for messages is made with the first subscription, and channels are left with the last")
    func subscriptionLife() async throws {
        let configuration = try RedisTesting.sharedServer()
        try await RedisTesting.withClient(configuration) { client in
            func connections() async throws -> Int {
                let clients = try await client.execute(["CLIENT", "LIST"]).string ?? ""
                return clients.split(separator: "\n").filter { $0.contains(configuration.clientName) }.count
            }
            func subscribers() async throws -> Int? {
                try await client.execute(["PUBSUB", "NUMSUB", .string(key)]).array?.last?.int
            }
            #expect(try await connections() == 1)
            do {
                var messages = client.messages(on: [key]).makeAsyncIterator()
                #expect(await messages.next() == .subscribed)
                #expect(try await connections() == 2)
                #expect(try await subscribers() == 1)
            }
            try await RedisTesting.eventually("the channel is not left") { try await subscribers() == 0 }
        }
    }

    @Test("graceful shutdown ends run and the streams; what comes later is unavailable")
    func gracefulShutdown() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = RedisClient(configuration: try RedisTesting.sharedServer(), logger: logger)
        let group = ServiceGroup(services: [client], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let messages = client.messages(on: [key])
            #expect(try await client.execute(["PING"]) == .status("PONG"))
            #expect(client.isConnected)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            for await _ in messages {}
        }
        #expect(!client.isConnected)
        #expect(await RedisTesting.code { try await client.execute(["PING"]) } == .unavailable)
    }
}
