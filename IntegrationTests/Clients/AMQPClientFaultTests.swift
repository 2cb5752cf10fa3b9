import AMQPClient
import AMQPMessages
import Foundation
import TestCertificates
import Testing

@Suite("AMQP client when things fail", .serialized, .timeLimit(.minutes(4)))
struct AMQPClientFaultTests {
    @Test("a killed broker makes outcomes uncertain or not sent; all resumes when it is back, with what it kept")
    func killedBroker() async throws {
        try await RabbitMQProcess.withBroker { broker in
            var configuration = broker.configuration
            configuration.publishTimeout = .seconds(1)
            let queue = "durable"
            let topology = AMQPTopology(queues: [AMQPQueue(name: queue)])
            try await AMQPTesting.withConnection(configuration, topology: topology) { connection in
                #expect(await connection.publish([AMQPTesting.message("kept", to: queue)]) == [.confirmed])
                let consumer = connection.consume(queue: queue, prefetch: 10)
                var iterator = consumer.makeAsyncIterator()
                let stale = try #require(await iterator.next())

                async let inFlight = publishUntilLost(on: connection)
                try await Task.sleep(for: .milliseconds(300))
                try await broker.kill()
                let outcomes = await inFlight
                #expect(outcomes.contains { if case .uncertain = $0 { true } else { false } })
                try await AMQPTesting.eventually("the loss is not noticed") { !connection.isConnected }
                let unsent = await connection.publish([AMQPTesting.message("unsent", to: queue)])
                guard case .notSent(let reason)? = unsent.first else {
                    Issue.record("\(unsent)")
                    return
                }
                #expect(reason.contains("no connection"))

                try await broker.restart()
                try await AMQPTesting.eventually("it is not found again") { connection.isConnected }
                let again = try #require(await iterator.next())
                #expect(again.text == "kept" && again.isRedelivered)
                connection.reject([stale], requeue: true)
                connection.acknowledge([stale, again])
                #expect(await connection.publish([AMQPTesting.message("new", to: queue)]) == [.confirmed])
                #expect(await iterator.next()?.text == "new")
            }
        }
    }

    /// Publishes transient messages to nowhere in particular until one is not confirmed; returns the last outcomes.
    private func publishUntilLost(on connection: AMQPConnection) async -> [PublishOutcome] {
        var message = AMQPTesting.message(String(repeating: "x", count: 1_000), to: "nowhere")
        message.isMandatory = false
        while true {
            let outcomes = await connection.publish(Array(repeating: message, count: 1_000))
            if outcomes.contains(where: { $0 != .confirmed }) { return outcomes }
        }
    }

    @Test("a broker that freezes is given up after two heartbeats, and found again when it thaws")
    func frozenBroker() async throws {
        try await RabbitMQProcess.withBroker { broker in
            var configuration = broker.configuration
            configuration.heartbeat = .seconds(1)
            try await AMQPTesting.withConnection(configuration) { connection in
                try await AMQPTesting.eventually("it is not found") { connection.isConnected }
                try broker.signal(SIGSTOP)
                try await AMQPTesting.eventually("it is not given up", within: .seconds(5)) { !connection.isConnected }
                try broker.signal(SIGCONT)
                try await AMQPTesting.eventually("it is not found again") { connection.isConnected }
            }
        }
    }

    @Test("a shutdown ends although a write waits for a broker that does not read")
    func shutdownDuringWrite() async throws {
        try await RabbitMQProcess.withBroker { broker in
            var configuration = broker.configuration
            configuration.heartbeat = .seconds(120)
            let stopping = try await AMQPTesting.withConnection(configuration) { connection in
                try await AMQPTesting.eventually("it is not found") { connection.isConnected }
                try broker.signal(SIGSTOP)
                let large = AMQPTesting.message(String(repeating: "x", count: 64 << 20), to: "any")
                Task { await connection.publish([large]) }
                try await Task.sleep(for: .seconds(1))
                return ContinuousClock.now
            }
            #expect(stopping.duration(to: .now) < .seconds(10))
        }
    }

    @Test("a broker short of memory is seen as blocked; messages are not sent until it recovers")
    func memoryAlarm() async throws {
        try await RabbitMQProcess.withBroker { broker in
            var configuration = broker.configuration
            configuration.publishTimeout = .seconds(20)
            configuration.confirmTimeout = .seconds(3)
            configuration.heartbeat = .seconds(1)
            try await AMQPTesting.withConnection(configuration) { connection in
                try await connection.declare(AMQPTopology(queues: [AMQPQueue(name: "any")]))
                try await broker.control("set_vm_memory_high_watermark", "absolute", "1MiB")
                // The broker blocks a connection when it publishes, and tells it then.
                let unconfirmed = await connection.publish([AMQPTesting.message("1", to: "any")])
                #expect(unconfirmed == [.uncertain(reason: "the broker has not confirmed in time")])
                #expect(connection.isBlocked && connection.isConnected)
                let begun = ContinuousClock.now
                let unsent = await connection.publish([AMQPTesting.message("2", to: "any")], by: begun + .seconds(1))
                #expect(begun.duration(to: .now) < .seconds(10))
                guard case .notSent(let reason)? = unsent.first else {
                    Issue.record("\(unsent)")
                    return
                }
                #expect(reason.contains("memory"))

                try await broker.control("set_vm_memory_high_watermark", "0.9")
                try await AMQPTesting.eventually("it stays blocked") { !connection.isBlocked }
                #expect(await connection.publish([AMQPTesting.message("3", to: "any")]) == [.confirmed])
                let consumer = connection.consume(queue: "any", prefetch: 1)
                #expect(await consumer.acknowledgedTexts(2, on: connection) == ["1", "3"])
            }
        }
    }

    @Test("TLS is verified: a known authority and the right name are accepted, anything else is refused")
    func tls() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("amqp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let known = try await TestCertificates(in: folder, name: "known")
        let unknown = try await TestCertificates(in: folder, name: "unknown")
        try await RabbitMQProcess.withBroker(certificates: known) { broker in
            var configuration = broker.configuration
            configuration.port = broker.tlsPort
            configuration.tls = AMQPTLS(caFile: known.caFile)
            try await AMQPTesting.withConnection(configuration) { connection in
                try await AMQPTesting.withQueue(on: connection) { queue in
                    let large = AMQPTesting.message(String(repeating: "x", count: 300_000), to: queue)
                    let outcomes = await connection.publish(Array(repeating: large, count: 20))
                    #expect(outcomes == Array(repeating: .confirmed, count: 20))
                    let consumer = connection.consume(queue: queue, prefetch: 20)
                    let texts = await consumer.acknowledgedTexts(20, on: connection)
                    #expect(texts.allSatisfy { $0.count == 300_000 } && texts.count == 20)
                }
            }

            var otherName = configuration
            otherName.host = "127.0.0.1"
            try await expectUntrusted(otherName)
            var otherAuthority = configuration
            otherAuthority.tls = AMQPTLS(caFile: unknown.caFile)
            try await expectUntrusted(otherAuthority)
            var systemAuthorities = configuration
            systemAuthorities.tls = AMQPTLS()
            try await expectUntrusted(systemAuthorities)
        }
        let expired = try await TestCertificates(in: folder, name: "expired", validity: .over)
        try await RabbitMQProcess.withBroker(certificates: expired) { broker in
            var configuration = broker.configuration
            configuration.port = broker.tlsPort
            configuration.tls = AMQPTLS(caFile: expired.caFile)
            try await expectUntrusted(configuration)
        }
    }

    private func expectUntrusted(_ configuration: AMQPConfiguration) async throws {
        try await AMQPTesting.withConnection(configuration) { connection in
            try await AMQPTesting.eventually("nothing is refused") { connection.lastFailure != nil }
            #expect(connection.lastFailure?.code == .untrustedPeer)
            #expect(!connection.isConnected)
        }
    }
}
