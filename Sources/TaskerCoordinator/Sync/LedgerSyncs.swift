import AMQPClient
import ScanModel
import Synchronization

/// The projects' syncs: each imports one batch at a time, in order, and none waits for another.
final class LedgerSyncs: Sendable {
    private let importer: LedgerImporter
    private let broker: AMQPConnection
    private let failure: TermFailure
    private let make: @Sendable (ImportQueue) -> ProjectSync
    private let queues = Mutex<[ProjectID: ImportQueue]>([:])
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
        if !queue(of: project).append(host), let delivery = host.delivery { broker.reject([delivery], requeue: true) }
    }

    /// Open while results of a project may be taken from the broker.
    func intake(of project: ProjectID) -> Valve { queue(of: project).intake }

    private func queue(of project: ProjectID) -> ImportQueue {
        queues.withLock { queues in
            if let queue = queues[project] { return queue }
            let queue = ImportQueue(project: project)
            queues[project] = queue
            add.yield(queue)
            return queue
        }
    }

    /// Whether a target's host is here, waiting or being imported.
    func holds(_ task: TaskReference, of project: ProjectID) -> Bool {
        queues.withLock { $0[project] }?.holds(task) ?? false
    }

    /// Hosts that wait in all projects, and for how long the oldest one has.
    struct Waiting: Sendable {
        var hosts = 0
        var longest = Duration.zero
    }

    /// What waits now.
    var waiting: Waiting {
        let now = ContinuousClock.now
        return queues.withLock { Array($0.values) }.reduce(into: Waiting()) { waiting, queue in
            waiting.hosts += queue.all.count
            if let since = queue.waitingSince { waiting.longest = max(waiting.longest, since.duration(to: now)) }
        }
    }

    /// Announces the imports of a scan's hosts that wait here, so that a stop lets them be.
    func markWaiting(of scan: ScanID) async throws {
        for queue in queues.withLock({ Array($0.values) }) {
            let tasks = queue.waiting(of: scan)
            if !tasks.isEmpty { queue.setMarked(try await importer.announce(tasks, of: scan)) }
        }
    }

    /// Imports until the term ends. What is not imported by then goes back to the broker, for the next leader.
    func run() async throws {
        defer {
            let left = queues.withLock { Array($0.values) }.flatMap(\.all)
            broker.reject(left.compactMap(\.delivery), requeue: true)
        }
        try await withThrowingDiscardingTaskGroup { group in
            for await queue in added {
                group.addTask { [self] in await failure.guarding { try await make(queue).run() } }
            }
        }
    }
}
