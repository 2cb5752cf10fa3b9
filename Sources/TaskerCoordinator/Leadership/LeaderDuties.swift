import RedisClient
import ScanStore
import Settings

/// All that the leader does during a term.
struct LeaderDuties: LeaderWork {
    let means: CoordinatorMeans

    func lead(_ term: Term, guard termGuard: TermGuard) async throws {
        let context = try await TermContext(term, guard: termGuard, means: means)
        let watch = FailureWatch(book: context.book, store: context.store, logger: means.logger)
        let syncs = context.makeSyncs(watch)
        let failures = context.makeFailures(watch, syncs: syncs)
        let wholeTasks = context.makeWholeTasks()
        let scope = ScopeGuard(means.settings.scope)
        let denied = context.makeDeniedNames(scope)
        let results = ResultQueues(broker: means.consumer, logger: means.logger)
        let dispatcher = context.makeDispatcher(
            scope: DispatchScope(scope, denied: denied),
            results: results,
            failures: failures,
            stops: wholeTasks.stops
        )
        let planning = context.makePlanning(scope)
        let intents = Wake()
        let reader = context.makeReader(
            planning: planning,
            dispatcher: dispatcher,
            failures: failures,
            syncs: syncs,
            wholeTasks: wholeTasks.stops,
            wake: intents
        )
        let workerGone = Wake()
        let desk = context.makeDesk(workerGone: workerGone)
        let reconciler = context.makeReconciler(failures: failures, syncs: syncs, results: results, wake: workerGone)
        let consumers = context.makeConsumers(of: results, failures: failures, syncs: syncs)
        let progress = ProgressTelling(book: context.book, store: context.store, logger: means.logger)
        let gauges = TermGauges(book: context.book, syncs: syncs, workers: means.workers, windows: context.windows)
        try await context.recallUnconfirmed()
        try await context.takeOver(planning: planning)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in means.redis.messages(on: [Channel.wake]) { intents.signal() } }
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
            group.addTask { try await progress.run() }
            group.addTask { try await context.failure.watch() }
            group.addTask { await gauges.run() }
            // None of them ends before the term does; whichever does so first ends the others.
            try await group.next()
            group.cancelAll()
        }
    }
}
