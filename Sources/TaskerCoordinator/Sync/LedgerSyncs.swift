import AMQPClient
import ScanModel
import Synchronization

/// The projects' syncs: each imports one batch at a time, in order, and none waits for another.
final class LedgerSyncs: Sendable {
    private let importer: LedgerImporter
    private let broker: AMQPConnection
    private let queues = Mutex<[ProjectID: ImportQueue]>([:])
    private let added: AsyncStream<ImportQueue>
    private let add: AsyncStream<ImportQueue>.Continuation

    init(importer: LedgerImporter, broker: AMQPConnection) {
        self.importer = importer
        self.broker = broker
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

    /// Tasks of a scan whose hosts wait here and are not being imported yet.
    func waiting(of scan: ScanID) -> [TaskReference] {
        queues.withLock { Array($0.values) }.flatMap { $0.waiting(of: scan) }
    }

    /// Imports until the term ends. What is not imported by then goes back to the broker, for the next leader.
    func run() async throws {
        defer {
            let left = queues.withLock { Array($0.values) }.flatMap(\.all)
            broker.reject(left.compactMap(\.delivery), requeue: true)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await queue in added {
                group.addTask { [importer] in
                    while !Task.isCancelled {
                        let batch = await queue.next()
                        if !batch.isEmpty { try await importer.importAll(batch, into: queue.project) }
                        queue.finishBatch()
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
