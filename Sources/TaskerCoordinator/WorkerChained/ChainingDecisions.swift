import Logging
import ScanModel
import ScanStore
import Settings
import Telemetry

/// Decides, once for each scan and before its first dispatch, who chains its phases.
struct ChainingDecisions: Sendable {
    let choice: PhaseChainingChoice
    let book: ScanBook
    let store: LeaderStore
    let workers: WorkerMonitor
    let logger: Logger

    /// RabbitMQ's own limit on how long a message may be with a consumer (`consumer_timeout`), in seconds.
    private static let consumerTimeout = 1_800

    /// Decides for the scans that are ready to be dispatched. Where the workers do not tell yet, they wait.
    func decide() async throws {
        let undecided = await book.undecided
        guard !undecided.isEmpty, let chaining = await choose() else { return }
        for entry in undecided {
            guard let decided = try await store.decideChaining(chaining, of: entry.id) else { continue }
            await book.decided(decided, of: entry.id)
            logger.info(
                "a scan's phases will be chained",
                metadata: [LogKey.scan: "\(entry.id)", LogKey.chaining: "\(decided.rawValue)"]
            )
            if decided == .worker { warn(of: entry) }
        }
    }

    private func choose() async -> PhaseChaining? {
        switch choice {
        case .auto: await workers.survey().chaining(at: ContinuousClock().now)
        case .coordinator: .coordinator
        case .worker: .worker
        }
    }

    /// Existing workers acknowledge late, so the broker hands a task that outlasts its patience to another one.
    private func warn(of entry: ScanEntry) {
        let longest = entry.request.timeout * (entry.request.includeServices ? 2 : 1)
        guard longest > Self.consumerTimeout else { return }
        logger.warning(
            "tasks of a scan may outlast the broker's consumer_timeout of 30 minutes, unless it was raised",
            metadata: [LogKey.scan: "\(entry.id)", LogKey.duration: "\(longest) s"]
        )
    }
}

extension WorkerRegistry {
    /// How long a node that was heard of, but has not said what it takes, holds a decision up.
    private static let patience = Duration.seconds(10)

    /// Who chains the phases of a scan that is dispatched now: the coordinator, unless only existing workers are there. Nil
    /// while that cannot be told.
    func chaining(at now: Instant) -> PhaseChaining? {
        if !scanners(chainedBy: .coordinator).isEmpty { return .coordinator }
        let maySpeak = nodes.values.contains { $0.takes == nil && now - $0.firstSeen < Self.patience }
        return maySpeak || scanners(chainedBy: .worker).isEmpty ? nil : .worker
    }

    /// Nodes that are alive and, though asked, have not said what they take, or how many tasks at once: they get none.
    func reticent(at now: Instant) -> Set<String> {
        Set(unknown.filter { now - $0.firstSeen >= Self.patience }.map(\.name))
    }
}

extension ScanBook {
    /// Scans that are ready to be dispatched but for a decision who chains their phases.
    var undecided: [ScanEntry] {
        backlogs.values.filter { $0.chaining == nil && $0.entry.plan != nil && !$0.isStopping && !$0.isPaused }.map(
            \.entry
        )
    }

    /// Who chains the phases of a scan; nil where it is not decided or the scan is not known.
    func chaining(of id: ScanID) -> PhaseChaining? { backlogs[id]?.chaining }

    func decided(_ chaining: PhaseChaining, of id: ScanID) { backlogs[id]?.chain(by: chaining) }
}
