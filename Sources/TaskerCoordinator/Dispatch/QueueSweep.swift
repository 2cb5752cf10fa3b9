import AMQPClient
import AMQPMessages
import Celery
import Foundation
import Logging
import Telemetry
import UUIDText

/// Looks through the task queues: takes every message, keeps what is asked for, and puts the rest back.
///
/// What is there is bounded by the window. Messages put back keep their place as far as the broker can; none is lost where
/// the process dies meanwhile, for nothing is acknowledged but what is removed, and that once all was looked at.
struct QueueSweep: Sendable {
    let broker: AMQPConnection
    let logger: Logger

    private let turns = SerialGate()
    /// Messages looked at in one queue: more than any window holds.
    private static let limit = 100_000
    /// Messages asked for at a time.
    private static let takenAtOnce = 64

    /// Removes the messages of these tasks.
    ///
    /// - Returns: the tasks whose messages were there and are gone for certain; nil where the broker did not answer, so that
    ///   nobody knows.
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

    /// What was taken from the queues and is neither acknowledged nor given back.
    private struct Hold: Sendable {
        var removed: [AMQPDelivery] = []
        var kept: [AMQPDelivery] = []
    }

    private func sweep(removing tasks: Set<UUID>) async -> Result? {
        await turns.perform {
            let connection = broker.connectionCount
            var result = Result()
            var hold = Hold()
            do {
                for queue in BrokerTopology.taskQueues {
                    try await look(at: queue, removing: tasks, &result, &hold)
                }
            } catch {
                // Not even what was found is removed: nobody would know of it.
                broker.reject(hold.removed + hold.kept, requeue: true)
                report(error)
                return nil
            }
            broker.acknowledge(hold.removed)
            broker.reject(hold.kept, requeue: true)
            guard !hold.removed.isEmpty else { return result }
            return await isSettled(on: connection) ? result : nil
        }
    }

    private func look(
        at queue: String,
        removing tasks: Set<UUID>,
        _ result: inout Result,
        _ hold: inout Hold
    ) async throws(AMQPError) {
        var count = 0
        var isEmpty = false
        while count < Self.limit, !isEmpty {
            let deliveries = try await broker.get(queue: queue, atMost: Self.takenAtOnce)
            count += deliveries.count
            isEmpty = deliveries.count < Self.takenAtOnce
            for delivery in deliveries {
                guard let id = delivery.taskID else {
                    hold.kept.append(delivery)
                    continue
                }
                result.seen.insert(id)
                if tasks.contains(id) {
                    hold.removed.append(delivery)
                    result.removed.insert(id)
                } else {
                    hold.kept.append(delivery)
                }
            }
        }
    }

    /// Acknowledgements have no answer. They were taken where the same connection answers questions asked after them.
    private func isSettled(on connection: Int) async -> Bool {
        do {
            for queue in BrokerTopology.taskQueues { _ = try await broker.depth(queue: queue) }
            return broker.connectionCount == connection
        } catch {
            report(error)
            return false
        }
    }

    private func report(_ error: any Error) {
        logger.warning("the task queues could not be looked through", metadata: [LogKey.error: "\(error)"])
    }
}

extension AMQPDelivery {
    /// The Celery id of the task this message asks for.
    fileprivate var taskID: UUID? {
        properties.correlationID.flatMap(UUID.init(text:))
    }
}
