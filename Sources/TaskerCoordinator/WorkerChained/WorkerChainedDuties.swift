import AMQPClient
import Foundation
import Logging
import ScanLedger
import ScanStore

/// What the leader does about whole tasks during a term, put together.
struct WorkerChainedDuties: Sendable {
    /// What ends whole tasks at the workers.
    let stops: WholeTaskStops
    private let tasks: WholeTasks
    private let verification: LedgerVerification
    private let cancels: CancelBroadcasts
    private let workers: WorkerMonitor

    /// - Parameters:
    ///   - publisher: what broadcasts go out on.
    ///   - revoked: what stops of earlier terms took away.
    init(
        book: ScanBook,
        store: LeaderStore,
        refresh: ScanRefresh,
        ledger: LedgerClient,
        publisher: AMQPConnection,
        queues: QueueSweep,
        workers: WorkerMonitor,
        origin: String,
        revoked: [UUID],
        dispatch: Wake,
        logger: Logger
    ) {
        cancels = CancelBroadcasts(publisher: publisher, origin: origin)
        stops = WholeTaskStops(store: store, workers: workers, cancels: cancels, tombstones: revoked, logger: logger)
        let ends = WholeTaskEnds(
            book: book,
            store: store,
            refresh: refresh,
            workers: workers,
            dispatch: dispatch,
            logger: logger
        )
        verification = LedgerVerification(ledger: ledger, book: book, ends: ends, logger: logger)
        tasks = WholeTasks(
            book: book,
            store: store,
            refresh: refresh,
            ends: ends,
            verification: verification,
            stops: stops,
            look: WholeTaskLook(store: store, queues: queues, workers: workers),
            dispatch: dispatch,
            logger: logger
        )
        self.workers = workers
    }

    /// Follows whole tasks until the term ends.
    func run() async throws {
        let moves = await workers.taskMoves()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await moves in moves {
                    for move in moves {
                        cancels.heard(move)
                        try await tasks.heard(move)
                    }
                }
            }
            group.addTask { try await tasks.run() }
            group.addTask { try await verification.run() }
            group.addTask { try await stops.run() }
            try await group.next()
            group.cancelAll()
        }
    }
}
