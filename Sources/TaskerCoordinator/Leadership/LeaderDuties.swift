import AMQPClient
import AddressSpace
import Logging
import NameResolution
import RedisClient
import ScanLedger
import ScanModel
import ScanStore
import Settings
import Telemetry

/// All that the leader does during a term, put together anew for each term: what one term knew is nothing to the next.
struct LeaderDuties: LeaderWork {
    let settings: CoordinatorSettings
    let redis: RedisClient
    let witness: StoreWitness
    let publisher: AMQPConnection
    let consumer: AMQPConnection
    let ledger: LedgerClient
    let resolver: NameResolver
    let workers: WorkerMonitor
    let logger: Logger

    func lead(_ term: Term, guard termGuard: TermGuard) async throws {
        let store = LeaderStore(redis: redis, term: term, witness: witness)
        let book = ScanBook(
            politeness: PolitenessLimits(
                perTarget: settings.politeness.perTarget,
                perNetwork: settings.politeness.perNetwork
            )
        )
        let refresh = ScanRefresh(book: book, store: store)
        let failure = TermFailure()
        let dispatch = Wake()
        let revoked = try await untilRedisAnswers("a takeover waits for Redis", logger: logger) {
            try await store.revokedTasks()
        }
        let tombstones = Tombstones(revoked)
        let queues = QueueSweep(broker: consumer, logger: logger)
        let watch = FailureWatch(book: book, store: store, logger: logger)
        let importer = LedgerImporter(
            ledger: ledger,
            book: book,
            store: store,
            refresh: refresh,
            broker: consumer,
            termGuard: termGuard,
            dispatch: dispatch,
            watch: watch,
            logger: logger
        )
        let syncs = LedgerSyncs(
            importer: importer,
            broker: consumer,
            failure: failure
        ) { queue in
            ProjectSync(
                queue: queue,
                importer: importer,
                ledger: ledger,
                broker: consumer,
                termGuard: termGuard,
                health: SyncHealth(
                    project: queue.project,
                    store: store,
                    book: book,
                    dispatch: dispatch,
                    consumerTimeout: settings.rabbitMQ.consumerTimeout,
                    logger: logger
                ),
                logger: logger
            )
        }
        let failures = FailedAttempts(
            book: book,
            store: store,
            refresh: refresh,
            maximumAttempts: settings.dispatch.maxAttempts,
            watch: watch,
            syncs: syncs,
            dispatch: dispatch,
            logger: logger
        )
        let wholeTasks = WorkerChainedDuties(
            book: book,
            store: store,
            refresh: refresh,
            ledger: ledger,
            publisher: publisher,
            queues: queues,
            workers: workers,
            origin: settings.deployment.name,
            revoked: revoked,
            dispatch: dispatch,
            logger: logger
        )
        let scope = ScopeGuard(settings.scope)
        let denied = DeniedNames(scope.denied.hostnames, resolution: resolution(.exclusions), logger: logger)
        let resultQueues = ResultQueues(broker: consumer, logger: logger)
        let dispatcher = Dispatcher(
            book: book,
            store: store,
            refresh: refresh,
            publisher: publisher,
            resultQueues: resultQueues,
            windows: windowSizes,
            chaining: ChainingDecisions(
                choice: settings.dispatch.phaseChaining,
                book: book,
                store: store,
                workers: workers,
                logger: logger
            ),
            termGuard: termGuard,
            origin: settings.deployment.name,
            logger: logger,
            failures: failures,
            check: LastCheck(
                book: book,
                store: store,
                refresh: refresh,
                failures: failures,
                scope: DispatchScope(scope, denied: denied),
                wholeTasks: wholeTasks.stops,
                logger: logger
            ),
            maxRateCeiling: settings.politeness.maxRateCeiling,
            wake: dispatch
        )
        let planning = PlanningDesk(
            planner: planner(store, scope),
            book: book,
            store: store,
            refresh: refresh,
            dispatch: dispatch,
            failure: failure,
            consumerTimeout: settings.rabbitMQ.consumerTimeout,
            logger: logger
        )
        let stops = StopHandler(
            book: book,
            store: store,
            dispatcher: dispatcher,
            failures: failures,
            syncs: syncs,
            revocation: Revocation(queues: queues, workers: workers.control, census: workers.census),
            roster: workers.census.roster,
            wholeTasks: wholeTasks.stops,
            tombstones: tombstones,
            logger: logger
        )
        let pauses = PauseHandler(
            book: book,
            store: store,
            refresh: refresh,
            dispatcher: dispatcher,
            queues: queues,
            dispatch: dispatch,
            logger: logger
        )
        let workerGone = Wake()
        let reconciler = Reconciler(
            book: book,
            store: store,
            failures: failures,
            syncs: syncs,
            results: resultQueues,
            queues: queues,
            workers: workers.control,
            census: workers.census,
            tombstones: tombstones,
            wake: workerGone,
            logger: logger
        )
        let consumers = ResultConsumers(book: book, queues: resultQueues, failure: failure) { project in
            ProjectResults(
                project: project,
                broker: consumer,
                queues: resultQueues,
                book: book,
                store: store,
                refresh: refresh,
                syncs: syncs,
                failures: failures,
                maximumServicePorts: settings.dispatch.maxServicePorts,
                dispatch: dispatch,
                logger: logger
            )
        }
        let desk = WorkerDesk(
            monitor: workers,
            tombstones: tombstones,
            termGuard: termGuard,
            book: book,
            store: store,
            dispatch: dispatch,
            workerGone: workerGone,
            addressInterval: settings.workerIPUpdateTTL,
            logger: logger
        )
        let intents = Wake()
        let reader = IntentReader(
            store: store,
            book: book,
            planning: planning,
            stops: stops,
            pauses: pauses,
            wake: intents,
            failure: failure,
            logger: logger
        )
        let gauges = TermGauges(book: book, syncs: syncs, workers: workers, windows: windowSizes)
        try await recallUnconfirmed(store)
        try await takeOver(store: store, book: book, planning: planning)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in redis.messages(on: [Channel.wake]) { intents.signal() } }
            group.addTask { try await reader.run() }
            group.addTask { try await planning.run() }
            group.addTask { try await denied.run() }
            group.addTask {
                await denied.waitUntilKnown()
                try await dispatcher.run()
            }
            group.addTask { try await consumers.run() }
            group.addTask { try await syncs.run() }
            group.addTask { try await desk.run() }
            group.addTask { try await reconciler.run() }
            group.addTask { try await wholeTasks.run() }
            group.addTask { try await ProgressTelling(book: book, store: store, logger: logger).run() }
            group.addTask { try await failure.watch() }
            group.addTask { await gauges.run() }
            // None of them ends before the term does; whichever does so first ends the others.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Fills the book with what Redis knows; plans that were not made are made.
    private func takeOver(store: LeaderStore, book: ScanBook, planning: PlanningDesk) async throws {
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
    private func recallUnconfirmed(_ store: LeaderStore) async throws {
        let tasks = try await untilRedisAnswers("a takeover waits for Redis", logger: logger) {
            try await store.unconfirmedTasks()
        }
        for task in tasks {
            let life = Duration.milliseconds(task.until - UnixTime.milliseconds)
            await workers.census.roster.recall(task.id, at: task.nodes, for: life)
        }
    }

    private func planner(_ store: LeaderStore, _ scope: ScopeGuard) -> Planner {
        let waiting = PlanningWait(store: store, logger: logger)
        return Planner(
            names: NamePlanning(resolution: resolution, waiting: waiting, meaningless: scope.meaningless),
            ledger: ledger,
            scope: scope,
            limit: TargetLimit(UInt64(settings.scope.maxTargetsPerScan)),
            store: store,
            waiting: waiting
        )
    }

    private var resolution: @Sendable (NamePlanning.Purpose) -> HostnameResolution {
        let families: Set<AddressFamily> = settings.dns.resolveIPv6 ? [.v4, .v6] : [.v4]
        return { [resolver = MeasuredResolver(resolver)] purpose in
            switch purpose {
            case .targets(let singleResolve):
                HostnameResolution(resolver: resolver, families: families, extent: singleResolve ? .first : .found)
            case .exclusions:
                HostnameResolution(resolver: resolver, families: [.v4, .v6], extent: .all)
            }
        }
    }

    private var windowSizes: @Sendable () async -> DispatchWindows {
        let window = DispatchWindow(
            perSlot: settings.dispatch.windowPerSlot,
            minimum: settings.dispatch.windowMinimum,
            maximum: settings.dispatch.windowMaximum
        )
        return { [workers] in
            DispatchWindows(
                coordinator: window.size(slots: await workers.slots(chainedBy: .coordinator)),
                worker: window.size(slots: await workers.slots(chainedBy: .worker))
            )
        }
    }
}
