extension TermContext {
    /// Carries out what replicas were asked for.
    ///
    /// - Parameter wake: signalled when there may be something to carry out.
    func makeReader(
        planning: PlanningDesk,
        dispatcher: Dispatcher,
        failures: FailedAttempts,
        syncs: LedgerSyncs,
        wholeTasks: WholeTaskStops,
        wake: Wake
    ) -> IntentReader {
        let workers = means.workers
        let stops = StopHandler(
            book: book,
            store: store,
            dispatcher: dispatcher,
            failures: failures,
            syncs: syncs,
            revocation: Revocation(queues: queues, workers: workers.control, census: workers.census),
            roster: workers.census.roster,
            wholeTasks: wholeTasks,
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
        return IntentReader(
            store: store,
            book: book,
            planning: planning,
            stops: stops,
            pauses: pauses,
            wake: wake,
            failure: failure,
            logger: logger
        )
    }
}
