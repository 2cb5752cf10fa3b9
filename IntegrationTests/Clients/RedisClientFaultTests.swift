import Logging
import RedisClient
import Testing

@Suite("Redis client when things fail", .timeLimit(.minutes(1)))
struct RedisClientFaultTests {
    private func configuration(
        port: Int,
        commandTimeout: Duration = .seconds(10),
        connectionWait: Duration = .seconds(10),
        pendingCommandLimit: Int = 16_384
    ) -> RedisConfiguration {
        RedisConfiguration(
            host: "127.0.0.1",
            port: port,
            commandTimeout: commandTimeout,
            connectionWait: connectionWait,
            pendingCommandLimit: pendingCommandLimit
        )
    }

    @Test("a killed server loses what was in flight, is unavailable while away, and is found again")
    func killedServer() async throws {
        try await RedisServerProcess.withServer { server in
            let impatient = configuration(port: server.port, connectionWait: .milliseconds(300))
            try await RedisTesting.withClient(impatient) { client in
                try await RedisTesting.connect(client)
                async let inFlight = RedisTesting.code { try await client.execute(["DEBUG", "SLEEP", "30"]) }
                try await Task.sleep(for: .milliseconds(500))
                await server.kill()
                #expect(await inFlight == .connectionLost)
                let start = ContinuousClock.now
                let error = await #expect(throws: RedisError.self) { try await client.execute(["PING"]) }
                #expect(error?.code == .unavailable)
                #expect(error?.message.contains("refused") == true, "says why")
                #expect((Duration.milliseconds(250)..<Duration.seconds(5)).contains(ContinuousClock.now - start))
                #expect(!client.isConnected)
                try await server.restart()
                try await RedisTesting.eventually("it is not found again") {
                    await RedisTesting.code { try await client.execute(["PING"]) } == nil
                }
            }
        }
    }

    @Test("a command issued while the connection is down goes out when it comes back in time")
    func waitsForConnection() async throws {
        try await RedisServerProcess.withServer { server in
            try await RedisTesting.withClient(configuration(port: server.port)) { client in
                try await RedisTesting.connect(client)
                await server.kill()
                try await RedisTesting.eventually("the loss is not noticed") { !client.isConnected }
                async let waiting = client.execute(["PING"])
                try await server.restart()
                #expect(try await waiting == .status("PONG"))
            }
        }
    }

    @Test("a command in flight when the server hangs up is never sent again")
    func neverReplayed() async throws {
        try await RedisPuppet.withPuppet(.hangUp) { puppet, port in
            try await RedisTesting.withClient(configuration(port: port)) { client in
                let code = await RedisTesting.code { try await client.execute(["INCR", "counter"]) }
                #expect(code == .connectionLost)
                try await RedisTesting.eventually("it does not connect again") {
                    puppet.connections == 2 && client.isConnected
                }
                #expect(puppet.received.filter { $0.contains("INCR") }.count == 1)
            }
        }
    }

    @Test("a black hole is noticed after one timeout, and left for a new connection")
    func blackHole() async throws {
        try await RedisPuppet.withPuppet(.neverAnswer) { puppet, port in
            try await RedisTesting.withClient(configuration(port: port, commandTimeout: .seconds(1))) { client in
                try await RedisTesting.connect(client)
                async let first = RedisTesting.code { try await client.execute(["GET", "a"]) }
                try await RedisTesting.eventually("the first is not sent") { puppet.received.count > 1 }
                async let second = RedisTesting.code {
                    try await client.execute(["GET", "b"], timeout: .seconds(10))
                }
                #expect(await first == .timedOut)
                #expect(await second == .connectionLost)
                try await RedisTesting.eventually("it does not connect again") {
                    puppet.closedConnections >= 1 && puppet.connections >= 2
                }
            }
        }
    }

    @Test("a caller with a short deadline gives up alone, and its reply goes to nobody else")
    func shortDeadline() async throws {
        try await RedisServerProcess.withServer { server in
            try await RedisTesting.withClient(configuration(port: server.port)) { client in
                let id = try await client.execute(["CLIENT", "ID"])
                let code = await RedisTesting.code {
                    try await client.execute(["DEBUG", "SLEEP", "0.5"], timeout: .milliseconds(100))
                }
                #expect(code == .timedOut)
                #expect(try await client.execute(["ECHO", "mine"]).string == "mine")
                #expect(try await client.execute(["CLIENT", "ID"]) == id)
            }
        }
    }

    @Test("a server stuck for a whole timeout costs the connection, and is used again when it is back")
    func stuckServer() async throws {
        try await RedisServerProcess.withServer { server in
            let impatient = configuration(port: server.port, commandTimeout: .milliseconds(500))
            try await RedisTesting.withClient(impatient) { client in
                try await RedisTesting.connect(client)
                let id = try await client.execute(["CLIENT", "ID"])
                let code = await RedisTesting.code { try await client.execute(["DEBUG", "SLEEP", "2"]) }
                #expect(code == .timedOut)
                try await RedisTesting.eventually("it does not recover") {
                    guard let newID = try? await client.execute(["CLIENT", "ID"]) else { return false }
                    return newID != id
                }
            }
        }
    }

    @Test("cancelling a caller ends its wait at once and leaves the connection alone")
    func cancellation() async throws {
        try await RedisServerProcess.withServer { server in
            try await RedisTesting.withClient(configuration(port: server.port)) { client in
                let id = try await client.execute(["CLIENT", "ID"])
                let caller = Task { try await client.execute(["DEBUG", "SLEEP", "2"]) }
                try await Task.sleep(for: .milliseconds(100))
                let start = ContinuousClock.now
                caller.cancel()
                #expect(await RedisTesting.code { _ = try await caller.value } == .cancelled)
                #expect(ContinuousClock.now - start < .seconds(1))
                #expect(try await client.execute(["ECHO", "mine"]).string == "mine")
                #expect(try await client.execute(["CLIENT", "ID"]) == id)
            }
        }
    }

    @Test("beyond the limit of pending commands the answer is unavailable, at once")
    func pendingLimit() async throws {
        try await RedisPuppet.withPuppet(.neverAnswer) { puppet, port in
            try await RedisTesting.withClient(configuration(port: port, pendingCommandLimit: 4)) { client in
                async let pending = RedisTesting.code {
                    try await client.execute([["A"], ["B"], ["C"], ["D"]], timeout: .seconds(3))
                }
                try await RedisTesting.eventually("nothing is sent") { puppet.received.count > 1 }
                let start = ContinuousClock.now
                #expect(await RedisTesting.code { try await client.execute(["E"]) } == .unavailable)
                #expect(ContinuousClock.now - start < .seconds(1))
                #expect(await pending == .timedOut)
            }
        }
    }

    @Test(
        "an answer that is not RESP, or to nothing, closes the connection",
        arguments: ["HTTP/1.1 400\r\n", "+A\r\n+B\r\n"]
    )
    func protocolViolation(answer: String) async throws {
        try await RedisPuppet.withPuppet(.answer(answer)) { puppet, port in
            try await RedisTesting.withClient(configuration(port: port)) { client in
                let code = await RedisTesting.code { try await client.execute(["GET", "a"]) }
                #expect(code == (answer.hasPrefix("+") ? nil : .protocolViolation))
                try await RedisTesting.eventually("it does not connect again") { puppet.connections >= 2 }
            }
        }
    }

    @Test("after a restart of the server a subscription says so and goes on")
    func resubscribes() async throws {
        try await RedisServerProcess.withServer { server in
            try await RedisTesting.withClient(configuration(port: server.port)) { client in
                var messages = client.messages(on: ["news"]).makeAsyncIterator()
                #expect(await messages.next() == .subscribed)
                await server.kill()
                try await server.restart()
                #expect(await messages.next() == .subscribed)
                try await RedisTesting.eventually("it is not found again") { client.isConnected }
                try await client.execute(["PUBLISH", "news", "x"])
                #expect(await messages.next() == .message(channel: "news", payload: [120]))
            }
        }
    }

    @Test("a subscription finds out that its server is dead though it sends nothing itself")
    func deadPublisher() async throws {
        try await RedisPuppet.withPuppet(.neverAnswer) { puppet, port in
            try await RedisTesting.withClient(configuration(port: port, commandTimeout: .milliseconds(100))) { client in
                let messages = client.messages(on: ["news"])
                try await RedisTesting.eventually("it does not connect again") {
                    puppet.received.filter { $0.contains("SUBSCRIBE") }.count >= 2
                }
                withExtendedLifetime(messages) {}
            }
        }
    }

    @Test("a client that stops lets what is in flight be answered")
    func stopsGracefully() async throws {
        try await RedisServerProcess.withServer { server in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let client = RedisClient(configuration: configuration(port: server.port), logger: logger)
            let running = Task { try await client.run() }
            try await client.execute(["PING"])
            async let slow = client.execute(["DEBUG", "SLEEP", "0.8"])
            try await Task.sleep(for: .milliseconds(300))
            running.cancel()
            #expect(try await slow == .status("OK"))
            try await running.value
            #expect(await RedisTesting.code { try await client.execute(["PING"]) } == .unavailable)
        }
    }

    @Test("a client that stops while its server is away fails what waits")
    func stopsWhileWaiting() async throws {
        let port = try await RedisTesting.freePort()
        let patient = configuration(port: port, commandTimeout: .seconds(30), connectionWait: .seconds(30))
        let start = ContinuousClock.now
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = RedisClient(configuration: patient, logger: logger)
        let running = Task { try await client.run() }
        async let waiting = RedisTesting.code { try await client.execute(["PING"]) }
        try await Task.sleep(for: .milliseconds(100))
        running.cancel()
        #expect(await waiting == .unavailable)
        try await running.value
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("a wrong password is unavailable and says so; the right one, and a database, work")
    func credentials() async throws {
        let options = ["--requirepass", "secret", "--user", "worker", "on", ">word", "~*", "&*", "+@all"]
        try await RedisServerProcess.withServer(options: options) { server in
            var configuration = configuration(port: server.port, connectionWait: .seconds(1))
            for (user, password, reason) in [(nil, nil, "NOAUTH"), ("worker", "wrong", "WRONGPASS")] {
                configuration.username = user
                configuration.password = password
                try await RedisTesting.withClient(configuration) { client in
                    let error = await #expect(throws: RedisError.self) { try await client.execute(["PING"]) }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
                }
            }
            configuration.database = 3
            configuration.connectionWait = .seconds(10)
            for (user, password) in [(nil, "secret"), ("worker", "word")] as [(String?, String)] {
                configuration.username = user
                configuration.password = password
                try await RedisTesting.withClient(configuration) { client in
                    let info = try await client.execute(["CLIENT", "INFO"]).string
                    #expect(info?.contains(" db=3 ") == true)
                }
            }
        }
    }
}
