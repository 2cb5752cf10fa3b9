import AMQPClient
import AMQPMessages
import Testing

@Suite("AMQP client whose queues go while it is connected", .timeLimit(.minutes(1)))
struct AMQPRestorationTests {
    private let exchange = AMQPExchange(name: AMQPTesting.uniqueName("fanout"), kind: .fanout, isAutoDelete: true)

    @Test("an exclusive queue that another connection still has is taken over when that connection ends")
    func exclusiveQueueOfAnotherConnection() async throws {
        let topology = topology(isExclusive: true)
        let queue = topology.queues[0].name
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                try await AMQPTesting.withConnection(topology: topology) { earlier in
                    try await AMQPTesting.eventually("it does not connect") { earlier.isConnected }
                    start.finish()
                    for await _ in ended {}
                }
            }
            for await _ in started {}
            try await AMQPTesting.withConnection(topology: topology) { later in
                let consumer = later.consume(queue: queue, prefetch: 1)
                try await AMQPTesting.eventually("it does not connect") { later.isConnected }
                try await expectRefusal(of: queue, on: later)
                end.finish()
                try await group.waitForAll()
                try await expectDelivery(to: consumer, on: later)
            }
        }
    }

    @Test("a queue that somebody deletes comes back with its bindings")
    func deletedQueue() async throws {
        let topology = topology(isExclusive: false)
        let queue = topology.queues[0].name
        try await AMQPTesting.withConnection { other in
            try await AMQPTesting.withConnection(topology: topology) { connection in
                let consumer = connection.consume(queue: queue, prefetch: 1)
                try await expectDelivery(to: consumer, on: connection)
                try await other.deleteQueue(queue)
                try await expectDelivery(to: consumer, on: connection)
                try await connection.deleteQueue(queue)
            }
        }
    }

    /// An exchange and a queue bound to it.
    private func topology(isExclusive: Bool) -> AMQPTopology {
        let queue = AMQPQueue(name: AMQPTesting.uniqueName("bound"), isExclusive: isExclusive)
        return AMQPTopology(
            exchanges: [exchange],
            queues: [queue],
            bindings: [AMQPBinding(queue: queue.name, exchange: exchange.name)]
        )
    }

    private func expectRefusal(of queue: String, on connection: AMQPConnection) async throws {
        let error = await #expect(throws: AMQPError.self) { try await connection.depth(queue: queue) }
        #expect(error?.code == .channelClosed(replyCode: 405))
    }

    /// Publishes to the exchange until a queue takes the message, and expects the consumer to get it.
    private func expectDelivery(to consumer: AMQPConsumer, on connection: AMQPConnection) async throws {
        let message = AMQPMessage(exchange: exchange.name, routingKey: "", body: [1])
        try await AMQPTesting.eventually("no queue is bound", within: .seconds(8)) {
            await connection.publish([message]) == [.confirmed]
        }
        #expect(await consumer.acknowledgedTexts(1, on: connection).count == 1)
    }
}
