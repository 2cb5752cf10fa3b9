import AMQPClient
import AMQPMessages
import Testing

@Suite("AMQP client", .timeLimit(.minutes(1)))
struct AMQPClientTests {
    @Test("a rejected delivery comes again or not, as asked; an acknowledged one does not")
    func settlement() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                _ = await connection.publish(["a", "b", "c"].map { AMQPTesting.message($0, to: queue) })
                let consumer = connection.consume(queue: queue, prefetch: 1)
                var seen: [String] = []
                for await delivery in consumer {
                    seen.append("\(delivery.text)\(delivery.isRedelivered ? "-again" : "")")
                    switch seen.last {
                    case "a": connection.reject([delivery], requeue: true)
                    case "b": connection.reject([delivery], requeue: false)
                    default: connection.acknowledge([delivery, delivery])
                    }
                    if seen.last == "c" { break }
                }
                #expect(seen == ["a", "a-again", "b", "c"])
                let depth = try await connection.depth(queue: queue)
                #expect(depth.messages == 0)
            }
        }
    }

    @Test("no more deliveries come than the prefetch allows until one is settled")
    func prefetch() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                _ = await connection.publish((0..<10).map { AMQPTesting.message("\($0)", to: queue) })
                let consumer = connection.consume(queue: queue, prefetch: 3)
                try await AMQPTesting.eventually("the first three are not taken") {
                    try await connection.depth(queue: queue).messages == 7
                }
                var iterator = consumer.makeAsyncIterator()
                let first = try #require(await iterator.next())
                #expect(try await connection.depth(queue: queue).messages == 7)
                connection.acknowledge([first])
                try await AMQPTesting.eventually("the fourth is not taken") {
                    try await connection.depth(queue: queue).messages == 6
                }
            }
        }
    }

    @Test("acks out of order leave exactly the others")
    func acksOutOfOrder() async throws {
        try await AMQPTesting.withConnection { observer in
            try await AMQPTesting.withQueue(on: observer) { queue in
                _ = await observer.publish((0..<6).map { AMQPTesting.message("\($0)", to: queue) })
                try await AMQPTesting.withConnection { connection in
                    var deliveries: [AMQPDelivery] = []
                    for await delivery in connection.consume(queue: queue, prefetch: 6) {
                        deliveries.append(delivery)
                        if deliveries.count == 6 { break }
                    }
                    connection.acknowledge([deliveries[4], deliveries[1], deliveries[0]])
                    connection.reject([deliveries[2]], requeue: false)
                    connection.acknowledge([deliveries[2]])
                    try await AMQPTesting.eventually("nothing happens") {
                        try await connection.depth(queue: queue).consumers == 0
                    }
                }
                let left = await observer.consume(queue: queue, prefetch: 1).acknowledgedTexts(2, on: observer)
                #expect(left == ["3", "5"])
            }
        }
    }

    @Test("a cancelled consumer gives back what was not read, and what was can still be acknowledged")
    func cancelConsumer() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                _ = await connection.publish(["read", "unread"].map { AMQPTesting.message($0, to: queue) })
                let consumer = connection.consume(queue: queue, prefetch: 2)
                var iterator = consumer.makeAsyncIterator()
                let read = try #require(await iterator.next())
                consumer.cancel()
                #expect(await iterator.next() == nil)
                try await AMQPTesting.eventually("the unread message does not come back") {
                    try await connection.depth(queue: queue) == AMQPQueueDepth(messages: 1, consumers: 0)
                }
                connection.acknowledge([read])
                let next = try #require(try await connection.get(queue: queue))
                #expect(next.text == "unread")
            }
        }
    }

    @Test("a consumer waits for its queue, and finds it again after it was deleted")
    func consumerWaitsForQueue() async throws {
        try await AMQPTesting.withConnection { connection in
            let queue = AMQPQueue(name: AMQPTesting.uniqueName("late"))
            let consumer = connection.consume(queue: queue.name, prefetch: 5)
            for round in ["first", "second"] {
                try await connection.declare(AMQPTopology(queues: [queue]))
                #expect(await connection.publish([AMQPTesting.message(round, to: queue.name)]) == [.confirmed])
                #expect(await consumer.acknowledgedTexts(1, on: connection) == [round])
                try await connection.deleteQueue(queue.name)
            }
        }
    }

    @Test("messages taken many at a time are each taken once, and may each be given back")
    func takeMany() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                let texts = (0..<100).map(String.init)
                _ = await connection.publish(texts.map { AMQPTesting.message($0, to: queue) })
                let first = try await connection.get(queue: queue, atMost: 64)
                let rest = try await connection.get(queue: queue, atMost: 64)
                #expect(first.count == 64)
                #expect(Set((first + rest).map(\.text)) == Set(texts))
                connection.acknowledge(first)
                connection.reject(rest, requeue: true)
                try await AMQPTesting.eventually("what was given back does not come back") {
                    try await connection.depth(queue: queue).messages == 36
                }
                await #expect(throws: AMQPError.self) {
                    try await connection.get(queue: AMQPTesting.uniqueName("missing"), atMost: 64)
                }
                #expect(try await connection.get(queue: queue, atMost: 64).count == 36)
            }
        }
    }

    @Test("a missing queue is an error of its own; what was taken from another queue stays taken")
    func missingQueue() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                _ = await connection.publish([AMQPTesting.message("1", to: queue)])
                let delivery = try #require(try await connection.get(queue: queue))
                let missing = AMQPTesting.uniqueName("missing")
                for _ in 0..<2 {
                    let error = await #expect(throws: AMQPError.self) { try await connection.get(queue: missing) }
                    #expect(error?.code == .channelClosed(replyCode: 404))
                    #expect(error?.message.contains(missing) == true)
                }
                let error = await #expect(throws: AMQPError.self) { try await connection.depth(queue: missing) }
                #expect(error?.code == .channelClosed(replyCode: 404))
                connection.acknowledge([delivery])
                #expect(try await connection.get(queue: queue) == nil)
                #expect(try await connection.depth(queue: queue).messages == 0)
            }
        }
    }

    @Test("a queue that exists with other arguments is an error, and the next request succeeds")
    func conflictingDeclaration() async throws {
        try await AMQPTesting.withConnection { connection in
            try await AMQPTesting.withQueue(on: connection) { queue in
                let conflicting = AMQPTopology(queues: [AMQPQueue(name: queue, arguments: ["x-max-priority": 9])])
                async let depth = connection.depth(queue: queue)
                let error = await #expect(throws: AMQPError.self) { try await connection.declare(conflicting) }
                #expect(error?.code == .channelClosed(replyCode: 406))
                #expect(error?.isRetryable == false)
                let messages = try await depth.messages
                #expect(messages == 0)
            }
        }
    }

    @Test("exchanges route to the queues bound to them; purging counts")
    func topology() async throws {
        let exchange = AMQPExchange(name: AMQPTesting.uniqueName("topic"), kind: .topic, isAutoDelete: true)
        let queue = AMQPQueue(name: AMQPTesting.uniqueName("bound"), isExclusive: true)
        let binding = AMQPBinding(queue: queue.name, exchange: exchange.name, routingKey: "task.#")
        let topology = AMQPTopology(exchanges: [exchange], queues: [queue], bindings: [binding])
        try await AMQPTesting.withConnection(topology: topology) { connection in
            let outcomes = await connection.publish([
                AMQPMessage(exchange: exchange.name, routingKey: "task.multi", body: [1]),
                AMQPMessage(exchange: exchange.name, routingKey: "worker.online", body: [2]),
            ])
            #expect(outcomes == [.confirmed, .returned(code: 312, text: "NO_ROUTE")])
            #expect(try await connection.purge(queue: queue.name) == 1)
            try await connection.deleteQueue(queue.name)
        }
    }

    @Test("an idle connection outlives three heartbeats")
    func idleConnection() async throws {
        var configuration = try AMQPTesting.sharedBroker()
        configuration.heartbeat = .seconds(1)
        // An exclusive queue is gone once its connection was lost.
        let queue = AMQPQueue(name: AMQPTesting.uniqueName("exclusive"), isExclusive: true)
        try await AMQPTesting.withConnection(configuration) { connection in
            try await connection.declare(AMQPTopology(queues: [queue]))
            connection.forget(AMQPTopology(queues: [queue]))
            try await Task.sleep(for: .milliseconds(3_500))
            #expect(try await connection.depth(queue: queue.name).consumers == 0)
        }
    }

    @Test(
        "a refused login says so, and requests are unavailable",
        arguments: [(vhost: "/", code: 403), (vhost: "no-such-vhost", code: 530)] as [(vhost: String, code: UInt16)]
    )
    func refusedLogin(vhost: String, code: UInt16) async throws {
        var configuration = try AMQPTesting.sharedBroker()
        if vhost == "/" { configuration.password = "wrong" } else { configuration.vhost = vhost }
        configuration.rpcTimeout = .seconds(3)
        configuration.publishTimeout = .seconds(3)
        try await AMQPTesting.withConnection(configuration) { connection in
            async let outcomes = connection.publish([AMQPTesting.message("1", to: "any")])
            let error = await #expect(throws: AMQPError.self) { try await connection.depth(queue: "any") }
            #expect(error?.code == .unavailable)
            #expect(connection.lastFailure?.code == .loginRefused(replyCode: code))
            #expect(connection.lastFailure?.isRetryable == false)
            #expect(!connection.isConnected)
            guard case .notSent = await outcomes.first else {
                Issue.record("sent without a connection")
                return
            }
        }
    }

    @Test("after a shutdown nothing waits: consumers end and requests fail")
    func shutdown() async throws {
        let (connection, consumer) = try await AMQPTesting.withConnection { connection in
            _ = try? await connection.depth(queue: "any")
            return (connection, connection.consume(queue: "any", prefetch: 1))
        }
        #expect(!connection.isConnected)
        #expect(await consumer.acknowledgedTexts(1, on: connection) == [])
        #expect(await connection.consume(queue: "any", prefetch: 1).acknowledgedTexts(1, on: connection) == [])
        let error = await #expect(throws: AMQPError.self) { try await connection.get(queue: "any") }
        #expect(error?.code == .closed)
        let outcomes = await connection.publish([AMQPTesting.message("1", to: "any")])
        #expect(outcomes == [.notSent(reason: "the connection was shut down")])
    }
}
