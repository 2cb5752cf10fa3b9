import Logging
import ServiceLifecycle
import Synchronization
import Telemetry

/// The end of a replica. Once told to end, it says that it is not ready, closes each connection behind its answer, and goes on
/// serving until balancers have had the time to notice; only then does the listener, which ends after this service, close.
final class Drain: Service {
    private let time: Duration
    private let logger: Logger
    private let hasBegun = Atomic(false)

    /// - Parameter time: how long to go on serving.
    init(time: Duration, logger: Logger) {
        self.time = time
        self.logger = logger
    }

    /// Whether the replica ends.
    var isUnderWay: Bool { hasBegun.load(ordering: .relaxed) }

    /// Waits for graceful shutdown, and then for balancers.
    func run() async throws {
        try? await gracefulShutdown()
        hasBegun.store(true, ordering: .relaxed)
        logger.info("Draining", metadata: [LogKey.duration: "\(time)"])
        try? await Task.sleep(for: time)
    }
}
