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
    /// How long the broker lets a consumer hold a message.
    private let consumerTimeout: Duration
    private let logger: Logger
    private let submissions: AsyncStream<ActiveScan>
    private let submit: AsyncStream<ActiveScan>.Continuation
    private let commits = SerialGate()
    /// Signalled when a scan that is being planned is stopped.
    private var stops: [ScanID: Wake] = [:]

    init(
        planner: Planner,
        book: ScanBook,
        store: LeaderStore,
        refresh: ScanRefresh,
        dispatch: Wake,
        failure: TermFailure,
        consumerTimeout: Duration,
        logger: Logger
    ) {
        self.planner = planner
        self.book = book
        self.store = store
        self.refresh = refresh
        self.dispatch = dispatch
        self.failure = failure
        self.consumerTimeout = consumerTimeout
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
                    await Correlation.$current.withValue(scan.correlation) {
                        await failure.guarding { try await planUnlessStopped(scan) }
                    }
                }
            }
        }
    }

    /// Ends the planning of scans: nothing more is asked or told in their name.
    func cancel(_ scans: [ScanID]) {
        for scan in scans { stops[scan]?.signal() }
    }

    private func planUnlessStopped(_ scan: ActiveScan) async throws {
        let stop = Wake()
        stops[scan.id] = stop
        defer { stops[scan.id] = nil }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                try await plan(scan, untilDone: Backoff(base: .milliseconds(200), cap: .seconds(5)))
            }
            group.addTask { await stop.wait() }
            try await group.next()
            group.cancelAll()
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
            let selection = try await planner.select(scan) { [book] targets in
                await Coverage.of(targets, beside: scan, in: book)
            }
            // Tried again within the gate: until the commit is read back, nobody may plan on without it.
            try await commits.perform { [self, logger] in
                try await untilRedisAnswers(
                    "a plan waits for Redis",
                    [LogKey.scan: "\(scan.id)"],
                    logger: logger,
                    cap: .seconds(2)
                ) {
                    try await commit(selection, of: scan)
                }
            }
        } catch let refusal as Planner.Refusal {
            try await fail(scan, refusal.description)
        } catch let error as StoreError where error.code == .corrupt {
            try await fail(scan, "the plan cannot be kept: \(error.message)")
        }
    }

    private func fail(_ scan: ActiveScan, _ reason: String) async throws {
        logger.warning("a scan cannot be planned", metadata: [LogKey.scan: "\(scan.id)", LogKey.reason: "\(reason)"])
        let isFailed = try await store.setPlanningState(.failed, detail: String(reason.prefix(500)), of: scan.id)
        // One with a plan that nobody can read must not stay active for ever.
        if !isFailed { _ = try await store.stop(scan.id, keepsInBetween: false) }
        await book.forget(scan.id)
    }

    private func commit(_ selection: TargetSelection, of scan: ActiveScan) async throws {
        let others = await Coverage.of(selection.targets, beside: scan, in: book)
        if try await planner.commit(selection, of: scan, beside: others) {
            logger.info(
                "planned",
                metadata: [
                    LogKey.scan: "\(scan.id)", LogKey.project: "\(scan.project)",
                    LogKey.count: "\(selection.targets.count)",
                ]
            )
            try await warn(of: scan)
        }
        // Read back, also where the commit was refused: an earlier one may have been applied without an answer.
        try await refresh.scan(scan.id)
        dispatch.signal()
    }

    /// A worker acknowledges a task when it starts it, but Celery takes as many again, which wait for as long as those before
    /// them run. What waits longer than the broker allows costs the worker its connection, with all that it holds.
    private func warn(of scan: ActiveScan) async throws {
        let timeout = Duration.seconds(scan.request.timeout)
        guard timeout > consumerTimeout, !scan.request.isDryRun else { return }
        logger.warning(
            "a scan's timeout exceeds the broker's consumer_timeout",
            metadata: [LogKey.scan: "\(scan.id)", LogKey.duration: "\(timeout)"]
        )
        let known = Int(consumerTimeout / .seconds(1))
        let warning =
            "timeout (\(scan.request.timeout) s) exceeds the broker's consumer_timeout as far as it is known (\(known) s):"
            + " workers may lose tasks that wait behind others"
        try await store.warn(warning, of: scan.id)
    }
}
