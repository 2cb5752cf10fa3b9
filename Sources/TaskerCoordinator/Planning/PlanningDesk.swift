import AddressSpace
import Logging
import ScanModel
import ScanStore
import Telemetry

/// Plans scans side by side and commits their plans one after the other, so that each sees what the earlier ones cover.
actor PlanningDesk {
    private let planner: Planner
    private let book: ScanBook
    private let store: LeaderStore
    private let refresh: ScanRefresh
    private let dispatch: Wake
    private let failure: TermFailure
    private let logger: Logger
    private let submissions: AsyncStream<ActiveScan>
    private let submit: AsyncStream<ActiveScan>.Continuation
    private let commits = SerialGate()

    init(
        planner: Planner,
        book: ScanBook,
        store: LeaderStore,
        refresh: ScanRefresh,
        dispatch: Wake,
        failure: TermFailure,
        logger: Logger
    ) {
        self.planner = planner
        self.book = book
        self.store = store
        self.refresh = refresh
        self.dispatch = dispatch
        self.failure = failure
        self.logger = logger
        (submissions, submit) = AsyncStream.makeStream(of: ActiveScan.self)
    }

    /// Queues a scan for planning. Its record is in Redis, so nothing is lost where this process ends.
    nonisolated func plan(_ scan: ActiveScan) {
        submit.yield(scan)
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            // One task a scan, whose number the API limits: those that wait for a dependency hold up no others.
            for await scan in submissions {
                group.addTask { [self] in
                    await failure.guarding {
                        try await plan(scan, untilDone: Backoff(base: .milliseconds(200), cap: .seconds(5)))
                    }
                }
            }
        }
    }

    private func plan(_ scan: ActiveScan, untilDone initial: Backoff) async throws {
        var backoff = initial
        while !Task.isCancelled {
            do {
                try await planOnce(scan)
                return
            } catch let error as StoreError where error.isRetryable {
                logger.warning(
                    "planning is repeated",
                    metadata: [LogKey.scan: "\(scan.id)", LogKey.error: "\(error)"]
                )
                try await Task.sleep(for: backoff.next())
            } catch is CancellationError {
                return
            }
        }
    }

    private func planOnce(_ scan: ActiveScan) async throws {
        do {
            let selection = try await planner.select(scan)
            // Tried again within the gate: until the commit is read back, nobody may plan on without it.
            try await commits.perform { try await self.commitUntilDone(selection, of: scan) }
        } catch let refusal as Planner.Refusal {
            _ = try await store.setPlanningState(.failed, detail: refusal.description, of: scan.id)
            await book.forget(scan.id)
            logger.warning(
                "a scan cannot be planned",
                metadata: [LogKey.scan: "\(scan.id)", LogKey.reason: "\(refusal)"]
            )
        }
    }

    private func commitUntilDone(_ selection: TargetSelection, of scan: ActiveScan) async throws {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))
        while true {
            do {
                return try await commit(selection, of: scan)
            } catch let error as StoreError where error.isRetryable {
                logger.warning(
                    "a plan waits for Redis",
                    metadata: [LogKey.scan: "\(scan.id)", LogKey.error: "\(error)"]
                )
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func commit(_ selection: TargetSelection, of scan: ActiveScan) async throws {
        let others = await book.coverage(of: scan, selection.targets)
        if try await planner.commit(selection, of: scan, beside: others) {
            logger.info(
                "planned",
                metadata: [
                    LogKey.scan: "\(scan.id)", LogKey.project: "\(scan.project)",
                    LogKey.count: "\(selection.targets.count)",
                ]
            )
        }
        // Read back, also where the commit was refused: an earlier one may have been applied without an answer.
        try await refresh.scan(scan.id)
        dispatch.signal()
    }
}
