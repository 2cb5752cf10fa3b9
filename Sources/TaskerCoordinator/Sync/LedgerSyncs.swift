import AMQPClient
import ScanModel
import Synchronization

/// The projects' syncs: each imports one batch at a time, in order, and none waits for another.
final class LedgerSyncs: Sendable {
    private struct State {
        var queues: [ProjectID: ImportQueue] = [:]
        /// Whether the term has ended, so that nobody imports any more.
        var isOver = false
    }

    private let importer: LedgerImporter
    private let broker: AMQPConnection
    private let failure: TermFailure
    private let make: @Sendable (ImportQueue) -> ProjectSync
    private let state = Mutex(State())
    private let added: AsyncStream<ImportQueue>
    private let add: AsyncStream<ImportQueue>.Continuation

    init(
        importer: LedgerImporter,
        broker: AMQPConnection,
        failure: TermFailure,
        make: @escaping @Sendable (ImportQueue) -> ProjectSync
    ) {
        self.importer = importer
        self.broker = broker
        self.failure = failure
        self.make = make
        (added, add) = AsyncStream.makeStream(of: ImportQueue.self)
    }

    /// Hands a host over. What is held here is bounded by the consumers' prefetch and by the window.
    func enqueue(_ host: FinishedHost, of project: ProjectID) {
        let isTaken = state.withLock { !$0.isOver && queue(of: project, in: &$0).append(host) }
        if !isTaken, let delivery = host.delivery { broker.reject([delivery], requeue: true) }
    }

    /// Open while results of a project may be taken from the broker.
    func intake(of project: ProjectID) -> Valve { state.withLock { queue(of: project, in: &$0).intake } }

    private func queue(of project: ProjectID, in state: inout State) -> ImportQueue {
        if let queue = state.queues[project] { return queue }
        let queue = ImportQueue(project: project)
        state.queues[project] = queue
        add.yield(queue)
        return queue
    }

    private var queues: [ImportQueue] { state.withLock { Array($0.queues.values) } }

    /// Whether a target's host is here, waiting or being imported.
    func holds(_ task: TaskReference, of project: ProjectID) -> Bool {
        state.withLock { $0.queues[project] }?.holds(task) ?? false
    }

    /// Hosts that wait in all projects, and for how long the oldest one has.
    struct Waiting: Sendable {
        var hosts = 0
        var longest = Duration.zero
    }

    /// What waits now.
    var waiting: Waiting {
        let now = ContinuousClock.now
        return queues.reduce(into: Waiting()) { waiting, queue in
            waiting.hosts += queue.all.count
            if let since = queue.waitingSince { waiting.longest = max(waiting.longest, since.duration(to: now)) }
        }
    }

    /// Announces the imports of a scan's hosts that wait here, so that a stop lets them be.
    func markWaiting(of scan: ScanID) async throws {
        for queue in queues {
            let tasks = queue.waiting(of: scan)
            if !tasks.isEmpty { queue.setMarked(try await importer.announce(tasks, of: scan)) }
        }
    }

    /// Imports until the term ends. What is not imported by then goes back to the broker, for the next leader.
    func run() async throws {
        defer {
            // From here on, results that are still being read go back at once.
            let left = state.withLock { state in
                state.isOver = true
                return state.queues.values.flatMap(\.all)
            }
            broker.reject(left.compactMap(\.delivery), requeue: true)
        }
        try await withThrowingDiscardingTaskGroup { group in
            for await queue in added {
                group.addTask { [self] in await failure.guarding { try await make(queue).run() } }
            }
        }
    }
}
