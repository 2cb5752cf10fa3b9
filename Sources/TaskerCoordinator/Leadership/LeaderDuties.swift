import AMQPClient
import AddressSpace
import Logging
import NameResolution
import RedisClient
import ScanLedger
import ScanModel
import ScanStore
import Settings

/// All that the leader does during a term, put together anew for each term: what one term knew is nothing to the next.
struct LeaderDuties: LeaderWork {
    let settings: CoordinatorSettings
    let redis: RedisClient
    let publisher: AMQPConnection
    let consumer: AMQPConnection
    let ledger: LedgerClient
    let resolver: NameResolver
    let workers: WorkerMonitor
    let logger: Logger

    func lead(_ term: Term, guard termGuard: TermGuard) async throws {
        let store = LeaderStore(redis: redis, term: term)
        let book = ScanBook()
        let dispatcher = Dispatcher(
            book: book,
            store: store,
            publisher: publisher,
            window: windowSize,
            termGuard: termGuard,
            origin: settings.deployment.name,
            logger: logger
        )
        let importer = LedgerImporter(
            ledger: ledger,
            book: book,
            store: store,
            broker: consumer,
            termGuard: termGuard,
            dispatch: dispatcher.wake,
            logger: logger
        )
        let syncs = LedgerSyncs(importer: importer, broker: consumer)
        let failures = FailedAttempts(
            book: book,
            store: store,
            policy: AttemptPolicy(maximumAttempts: settings.dispatch.maxAttempts),
            syncs: syncs,
            dispatch: dispatcher.wake,
            logger: logger
        )
        let queues = QueueSweep(broker: consumer, logger: logger)
        let planning = PlanningDesk(
            planner: planner(store),
            book: book,
            store: store,
            dispatch: dispatcher.wake,
            logger: logger
        )
        let stops = StopHandler(
            book: book,
            store: store,
            dispatcher: dispatcher,
            failures: failures,
            syncs: syncs,
            queues: queues,
            workers: workers.control,
            logger: logger
        )
        let reconciler = Reconciler(
            book: book,
            store: store,
            failures: failures,
            syncs: syncs,
            queues: queues,
            workers: workers.control,
            dispatch: dispatcher.wake,
            logger: logger
        )
        let consumers = ResultConsumers(book: book) { project in
            ProjectResults(
                project: project,
                broker: consumer,
                book: book,
                store: store,
                syncs: syncs,
                failures: failures,
                maximumServicePorts: settings.dispatch.maxServicePorts,
                dispatch: dispatcher.wake,
                logger: logger
            )
        }
        let desk = WorkerDesk(
            monitor: workers,
            book: book,
            store: store,
            failures: failures,
            dispatch: dispatcher.wake,
            addressInterval: settings.workerIPUpdateTTL,
            logger: logger
        )
        try await takeOver(store: store, book: book, planning: planning)
        let intents = Wake()
        let reader = IntentReader(
            store: store,
            book: book,
            planning: planning,
            stops: stops,
            wake: intents,
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in redis.messages(on: [Channel.wake]) { intents.signal() } }
            group.addTask { try await reader.run() }
            group.addTask { try await planning.run() }
            group.addTask { try await dispatcher.run() }
            group.addTask { try await consumers.run() }
            group.addTask { try await syncs.run() }
            group.addTask { try await desk.run() }
            group.addTask { try await reconciler.run() }
            // None of them ends before the term does; whichever does so first ends the others.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Fills the book with what Redis knows; plans that were not made are made.
    private func takeOver(store: LeaderStore, book: ScanBook, planning: PlanningDesk) async throws {
        for scan in try await activeScans(store) {
            await book.adopt(scan)
            if scan.state.isPlanning, !scan.isStopRequested { planning.plan(scan) }
        }
    }

    private func activeScans(_ store: LeaderStore) async throws -> [ActiveScan] {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))
        while true {
            do {
                return try await store.activeScans()
            } catch {
                guard error.isRetryable else { throw error }
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func planner(_ store: LeaderStore) -> Planner {
        Planner(
            resolution: { [resolver] request in
                HostnameResolution(
                    resolver: resolver,
                    families: settings.dns.resolveIPv6 ? [.v4, .v6] : [.v4],
                    singleResolve: request.singleResolve,
                    concurrency: 1_000
                )
            },
            ledger: ledger,
            scope: ScopeGuard(settings.scope),
            maximumTargets: UInt64(settings.scope.maxTargetsPerScan),
            store: store,
            logger: logger
        )
    }

    private var windowSize: @Sendable () async -> Int {
        let window = DispatchWindow(
            perSlot: settings.dispatch.windowPerSlot,
            minimum: settings.dispatch.windowMinimum,
            maximum: settings.dispatch.windowMaximum
        )
        return { [workers] in window.size(slots: await workers.slots) }
    }
}
