import AMQPClient
import ScanModel
import Synchronization

/// The projects' syncs: each imports one batch at a time, in order, and none waits for another.
final class LedgerSyncs: Sendable {
    private let importer: LedgerImporter
    private let broker: AMQPConnection
    private let failure: TermFailure
    private let queues = Mutex<[ProjectID: ImportQueue]>([:])
    private let added: AsyncStream<ImportQueue>
    private let add: AsyncStream<ImportQueue>.Continuation

    init(importer: LedgerImporter, broker: AMQPConnection, failure: TermFailure) {
        self.importer = importer
        self.broker = broker
        self.failure = failure
        (added, add) = AsyncStream.makeStream(of: ImportQueue.self)
    }

    /// Hands a host over. What is held here is bounded by the consumers' prefetch and by the window.
    func enqueue(_ host: FinishedHost, of project: ProjectID) {
        let queue = queues.withLock { queues in
            if let queue = queues[project] { return queue }
            let queue = ImportQueue(project: project)
            queues[project] = queue
            add.yield(queue)
            return queue
        }
        queue.append(host)
    }

    /// Whether a target's host is here, waiting or being imported.
    func holds(_ task: TaskReference, of project: ProjectID) -> Bool {
        queues.withLock { $0[project] }?.holds(task) ?? false
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
                group.addTask { [self] in await failure.guarding { try await drain(queue) } }
            }
        }
    }

    private func drain(_ queue: ImportQueue) async throws {
        while !Task.isCancelled {
            let batch = await queue.next()
            if batch.isEmpty { continue }
            let refused = try await importer.importAll(batch, into: queue.project)
            queue.finishBatch()
            // Behind all others: whether one of those is taken tells a poison report from an outage.
            for host in refused { queue.append(host) }
        }
    }
}
