import AMQPClient
import AMQPMessages
import Testing

@Suite("AMQP publishing", .timeLimit(.minutes(1)))
struct AMQPPublishingTests {
    @Test("five thousand messages are all confirmed and arrive in order")
    func confirmsMany() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                let messages = (0..<5_000).map { AMQPTesting.message("\($0)", to: queue) }
                let outcomes = await connection.publish(messages)
                #expect(outcomes == Array(repeating: .confirmed, count: 5_000))
                let depth = try await connection.depth(queue: queue)
                #expect(depth.messages == 5_000)
                let consumer = connection.consume(queue: queue, prefetch: 500)
                let texts = await consumer.acknowledgedTexts(5_000, on: connection)
                #expect(texts == (0..<5_000).map(String.init))
            }
        }
    }

    @Test("a mandatory message that reaches no queue is returned, its neighbours are confirmed")
    func returnsUnroutable() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                var optional = AMQPTesting.message("dropped", to: "no-such-queue")
                optional.isMandatory = false
                let outcomes = await connection.publish([
                    AMQPTesting.message("1", to: queue),
                    AMQPTesting.message("lost", to: "no-such-queue"),
                    optional,
                    AMQPTesting.message("lost", to: "no-such-queue"),
                    AMQPTesting.message("2", to: queue),
                ])
                let returned = PublishOutcome.returned(code: 312, text: "NO_ROUTE")
                #expect(outcomes == [.confirmed, returned, .confirmed, returned, .confirmed])
            }
        }
    }

    @Test("messages beyond a full queue's limit are refused")
    func refusedByFullQueue() async throws {
        try await AMQPTesting.withConnection { connection in
            let limit: AMQPTable = ["x-max-length": 2, "x-overflow": "reject-publish"]
            try await AMQPTesting.withQueue(on: connection, arguments: limit) { queue in
                var outcomes: [PublishOutcome] = []
                for number in 0..<4 {
                    outcomes += await connection.publish([AMQPTesting.message("\(number)", to: queue)])
                }
                #expect(outcomes == [.confirmed, .confirmed, .refused, .refused])
            }
        }
    }

    @Test("a missing exchange makes messages uncertain and says why; later ones are confirmed")
    func missingExchange() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                var lost = AMQPTesting.message("lost", to: queue)
                lost.exchange = AMQPTesting.uniqueName("exchange")
                let outcomes = await connection.publish([lost])
                guard case .uncertain(let reason) = try #require(outcomes.first) else {
                    Issue.record("\(outcomes)")
                    return
                }
                #expect(reason.contains("404") && reason.contains(lost.exchange))
                #expect(await connection.publish([AMQPTesting.message("1", to: queue)]) == [.confirmed])
            }
        }
    }

    @Test("what the protocol cannot carry is not sent, and the connection survives")
    func unsendable() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                let longKey = AMQPTesting.message("1", to: String(repeating: "k", count: 256))
                var largeHeader = AMQPTesting.message("2", to: queue)
                largeHeader.properties.headers = ["large": .string(String(repeating: "h", count: 200_000))]
                let good = AMQPTesting.message("3", to: queue)
                let outcomes = await connection.publish([longKey, largeHeader, good])
                #expect(outcomes.map(\.isNotSent) == [true, true, false])
                #expect(outcomes.last == .confirmed)
            }
        }
    }

    @Test("a body of several frames arrives whole")
    func largeBody() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                var message = AMQPTesting.message("", to: queue)
                message.body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                #expect(await connection.publish([message]) == [.confirmed])
                let delivery = try #require(try await connection.get(queue: queue))
                #expect(delivery.body == message.body)
            }
        }
    }

    @Test("properties and headers of every type survive the way to the broker and back")
    func roundTrip() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                let headers: AMQPTable = [
                    "null": nil, "yes": true, "no": false, "small": -1, "large": .int(.max), "double": 2.5,
                    "text": "Zürich \u{1F30D}", "empty": "", "bytes": .bytes([0, 255, 128]),
                    "time": .timestamp(1_700_000_000), "list": [1, "two", nil, [3.5, ["deep": true]]],
                    "table": ["inner": ["innermost": [], "none": [:]]],
                ]
                let properties = AMQPProperties(
                    contentType: "application/json",
                    contentEncoding: "utf-8",
                    headers: headers,
                    deliveryMode: .persistent,
                    priority: 3,
                    correlationID: "correlation",
                    replyTo: "reply",
                    expiration: "600000",
                    messageID: "message",
                    timestamp: 1_600_000_000,
                    type: "type",
                    userID: try AMQPTesting.sharedBroker().user,
                    appID: "app"
                )
                let message = AMQPMessage(exchange: "", routingKey: queue, properties: properties, body: [1, 2])
                #expect(await connection.publish([message]) == [.confirmed])
                let delivery = try #require(try await connection.get(queue: queue))
                #expect(delivery.properties == properties)
                #expect(delivery.body == [1, 2])
                #expect(delivery.routingKey == queue)
            }
        }
    }
}

extension PublishOutcome {
    fileprivate var isNotSent: Bool {
        if case .notSent = self { true } else { false }
    }
}
