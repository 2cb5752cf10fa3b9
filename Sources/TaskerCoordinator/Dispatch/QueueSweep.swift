import AMQPClient
import AMQPMessages
import Celery
import Foundation
import Logging
import ScanModel
import Telemetry

/// Looks through the task queues: takes every message, keeps what is asked for, and puts the rest back.
///
/// What is there is bounded by the window. Messages put back keep their place as far as the broker can; none is lost where
/// the process dies meanwhile, for nothing is acknowledged but what is removed.
struct QueueSweep: Sendable {
    let broker: AMQPConnection
    let logger: Logger

    private let turns = SerialGate()
    /// Messages looked at in one queue: more than any window holds.
    private static let limit = 100_000

    /// Removes the messages of these tasks.
    ///
    /// - Returns: the tasks whose messages were there; nil where the broker did not answer.
    func remove(_ tasks: Set<UUID>) async -> Set<UUID>? {
        await sweep(removing: tasks)?.removed
    }

    /// The tasks whose messages are there; nil where the broker did not answer. Changes nothing.
    func tasks() async -> Set<UUID>? {
        await sweep(removing: [])?.seen
    }

    private struct Result: Sendable {
        var seen: Set<UUID> = []
        var removed: Set<UUID> = []
    }

    private func sweep(removing tasks: Set<UUID>) async -> Result? {
        await turns.perform {
            var result = Result()
            for phase in Phase.allCases {
                guard let found = await look(at: BrokerTopology.queue(of: phase), removing: tasks) else { return nil }
                result.seen.formUnion(found.seen)
                result.removed.formUnion(found.removed)
            }
            return result
        }
    }

    private func look(at queue: String, removing tasks: Set<UUID>) async -> Result? {
        var result = Result()
        var removed: [AMQPDelivery] = []
        var kept: [AMQPDelivery] = []
        defer {
            broker.acknowledge(removed)
            broker.reject(kept, requeue: true)
        }
        do {
            while removed.count + kept.count < Self.limit, let delivery = try await broker.get(queue: queue) {
                guard let id = delivery.taskID else {
                    kept.append(delivery)
                    continue
                }
                result.seen.insert(id)
                if tasks.contains(id) {
                    removed.append(delivery)
                    result.removed.insert(id)
                } else {
                    kept.append(delivery)
                }
            }
        } catch {
            logger.warning(
                "a queue could not be looked through",
                metadata: [LogKey.queue: "\(queue)", LogKey.error: "\(error)"]
            )
            return nil
        }
        return result
    }
}

extension AMQPDelivery {
    /// The Celery id of the task this message asks for.
    fileprivate var taskID: UUID? {
        properties.correlationID.flatMap(UUID.init(uuidString:))
    }
}
