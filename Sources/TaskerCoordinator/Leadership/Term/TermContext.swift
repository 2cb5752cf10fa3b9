import Foundation
import Logging
import ScanModel
import ScanStore
import Settings
import Telemetry

/// What all parts of one term share, made anew for each term: what one term knew is nothing to the next.
struct TermContext: Sendable {
    let means: CoordinatorMeans
    let termGuard: TermGuard
    let store: LeaderStore
    let book: ScanBook
    let refresh: ScanRefresh
    let failure = TermFailure()
    /// Signalled when there may be something to dispatch.
    let dispatch = Wake()
    let queues: QueueSweep
    /// What stops of earlier terms took away, the oldest first.
    let revoked: [UUID]
    let tombstones: Tombstones

    var logger: Logger { means.logger }

    init(_ term: Term, guard termGuard: TermGuard, means: CoordinatorMeans) async throws {
        let store = LeaderStore(redis: means.redis, term: term, witness: means.witness)
        let book = ScanBook(
            politeness: PolitenessLimits(
                perTarget: means.settings.politeness.perTarget,
                perNetwork: means.settings.politeness.perNetwork
            )
        )
        self.means = means
        self.termGuard = termGuard
        self.store = store
        self.book = book
        refresh = ScanRefresh(book: book, store: store)
        queues = QueueSweep(broker: means.consumer, logger: means.logger)
        revoked = try await untilRedisAnswers("a takeover waits for Redis", logger: means.logger) {
            try await store.revokedTasks()
        }
        tombstones = Tombstones(revoked)
    }

    /// Fills the book with what Redis knows; plans that were not made are made.
    func takeOver(planning: PlanningDesk) async throws {
        let (scans, unreadable) = try await untilRedisAnswers("a takeover waits for Redis", logger: logger) {
            try await store.activeScans()
        }
        for (scan, reason) in unreadable {
            logger.error("a scan cannot be read", metadata: [LogKey.scan: "\(scan)", LogKey.reason: "\(reason)"])
        }
        for scan in scans {
            await book.inherit(scan)
            if scan.state.isPlanning, !scan.isStopRequested { planning.plan(scan) }
        }
    }

    /// What workers may still run after earlier stops, as the leaders of those knew.
    func recallUnconfirmed() async throws {
        let tasks = try await untilRedisAnswers("a takeover waits for Redis", logger: logger) {
            try await store.unconfirmedTasks()
        }
        for task in tasks {
            let life = Duration.milliseconds(task.until - UnixTime.milliseconds)
            await means.workers.census.roster.recall(task.id, at: task.nodes, for: life)
        }
    }
}
