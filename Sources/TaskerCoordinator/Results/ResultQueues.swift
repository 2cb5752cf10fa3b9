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

    /// Nobody consumes a project's results any more: the broker may let the queue go when its time is over.
    func release(_ project: ProjectID) {
        declared.withLock { _ = $0.remove(project) }
        broker.forget(BrokerTopology.results(of: project))
    }
}
