import AMQPClient
import Celery
import Logging
import Telemetry

/// The queues on which one process hears workers: what happens to them, what they answer, and what they ask.
struct WorkerQueues: Sendable {
    let broker: AMQPConnection
    let events: String
    let replies: String
    let requests: String
    let logger: Logger

    private static let prefetch: UInt16 = 100

    init(broker: AMQPConnection, name: String, logger: Logger) {
        self.broker = broker
        events = "tasker.events.\(name)"
        replies = "tasker.replies.\(name)"
        requests = "tasker.requests.\(name)"
        self.logger = logger
    }

    func declare() async throws {
        try await broker.declare(BrokerTopology.tasks)
        try await broker.declare(
            BrokerTopology.ownQueue(events, boundTo: CeleryNames.events, keys: ["worker.#", "task.#"])
        )
        try await broker.declare(
            BrokerTopology.ownQueue(replies, boundTo: CeleryNames.controlReplies, keys: [replies])
        )
        try await broker.declare(BrokerTopology.ownQueue(requests, boundTo: CeleryNames.control, keys: [""]))
    }

    func hearEvents(_ take: ([WorkerEvent]) async -> Void) async throws {
        for try await delivery in broker.consume(queue: events, prefetch: Self.prefetch) {
            do {
                await take(try WorkerEvent.decode(delivery.body, properties: delivery.properties))
            } catch {
                logger.debug("an event cannot be read", metadata: [LogKey.error: "\(error)"])
            }
            broker.acknowledge([delivery])
        }
    }

    func hearReplies(_ take: (ControlReply) async -> Void) async throws {
        for try await delivery in broker.consume(queue: replies, prefetch: Self.prefetch) {
            if let reply = try? ControlReply(decoding: delivery.body, properties: delivery.properties) {
                await take(reply)
            }
            broker.acknowledge([delivery])
        }
    }

    func hearRequests(_ take: (ControlRequest) async -> Void) async throws {
        for try await delivery in broker.consume(queue: requests, prefetch: Self.prefetch) {
            if let request = try? ControlRequest(decoding: delivery.body, properties: delivery.properties) {
                await take(request)
            }
            broker.acknowledge([delivery])
        }
    }
}
