import AMQPClient
import Logging
import ScanModel
import Synchronization
import Telemetry

/// The queues that projects' results arrive in. Each is there before the first task of its project is published: a worker may
/// be through before anybody consumes, and the broker drops what no queue takes.
final class ResultQueues: Sendable {
    private let broker: AMQPConnection
    private let logger: Logger
    private let declared = Mutex<Set<ProjectID>>([])
    private let consumers = Mutex<[ProjectID: Consumer]>([:])

    private struct Consumer {
        weak var consumer: AMQPConsumer?
    }

    init(broker: AMQPConnection, logger: Logger) {
        self.broker = broker
        self.logger = logger
    }

    /// Makes sure that a project's queue is there; the connection declares it again where it is lost, until `release`.
    ///
    /// - Returns: false where the broker did not answer.
    func prepare(for project: ProjectID) async -> Bool {
        if declared.withLock({ $0.contains(project) }) { return true }
        do {
            try await broker.declare(BrokerTopology.results(of: project))
        } catch {
            logger.warning(
                "a result queue cannot be declared",
                metadata: [LogKey.project: "\(project)", LogKey.error: "\(error)"]
            )
            return false
        }
        declared.withLock { _ = $0.insert(project) }
        return true
    }

    /// Starts the consumer of a project's queue, the only one of this process.
    ///
    /// - Parameter prefetch: results that may be unacknowledged at once.
    func consume(_ project: ProjectID, prefetch: UInt16) -> AMQPConsumer {
        let consumer = broker.consume(queue: BrokerTopology.resultQueue(of: project), prefetch: prefetch)
        consumers.withLock { $0[project] = Consumer(consumer: consumer) }
        return consumer
    }

    /// Whether all results of a project that have reached the broker are dealt with.
    ///
    /// The broker counts those that are ready, not those that a consumer holds. So ours has to be idle, and alone: as long
    /// as the broker has not given up an earlier leader that was suspended, that one may hold some, and they come back with
    /// the end of its connection.
    func isDrained(of project: ProjectID) async -> Bool {
        guard let consumer = consumers.withLock({ $0[project]?.consumer }), consumer.isIdle else { return false }
        do {
            let depth = try await broker.depth(queue: BrokerTopology.resultQueue(of: project))
            return depth == AMQPQueueDepth(messages: 0, consumers: 1) && consumer.isIdle
        } catch {
            return false
        }
    }

    /// Nobody consumes a project's results any more: the broker may let the queue go when its time is over.
    func release(_ project: ProjectID) {
        declared.withLock { _ = $0.remove(project) }
        consumers.withLock { $0[project] = nil }
        broker.forget(BrokerTopology.results(of: project))
    }
}
