import ScanModel
import Settings

extension TermContext {
    /// Hands the tasks of this term to the broker.
    func makeDispatcher(
        scope: DispatchScope,
        results: ResultQueues,
        failures: FailedAttempts,
        stops: WholeTaskStops
    ) -> Dispatcher {
        Dispatcher(
            book: book,
            store: store,
            refresh: refresh,
            publisher: means.publisher,
            resultQueues: results,
            windows: windows,
            chaining: ChainingDecisions(
                choice: means.settings.dispatch.phaseChaining,
                book: book,
                store: store,
                workers: means.workers,
                logger: logger
            ),
            termGuard: termGuard,
            origin: means.settings.deployment.name,
            logger: logger,
            failures: failures,
            check: LastCheck(
                book: book,
                store: store,
                refresh: refresh,
                failures: failures,
                scope: scope,
                wholeTasks: stops,
                logger: logger
            ),
            maxRateCeiling: means.settings.politeness.maxRateCeiling,
            wake: dispatch
        )
    }

    /// How many targets may be in flight, by the workers that are alive now.
    var windows: @Sendable () async -> DispatchWindows {
        let settings = means.settings.dispatch
        let window = DispatchWindow(
            perSlot: settings.windowPerSlot,
            minimum: settings.windowMinimum,
            maximum: settings.windowMaximum
        )
        return { [workers = means.workers] in
            DispatchWindows(
                coordinator: window.size(slots: await workers.slots(chainedBy: .coordinator)),
                worker: window.size(slots: await workers.slots(chainedBy: .worker))
            )
        }
    }
}
