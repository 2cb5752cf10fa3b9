import Settings

extension TermContext {
    /// Follows the tasks of workers that chain the phases themselves.
    func makeWholeTasks() -> WorkerChainedDuties {
        WorkerChainedDuties(
            book: book,
            store: store,
            refresh: refresh,
            ledger: means.ledger,
            publisher: means.publisher,
            queues: queues,
            workers: means.workers,
            origin: means.settings.deployment.name,
            revoked: revoked,
            dispatch: dispatch,
            logger: logger
        )
    }

    /// Takes in the news of workers.
    ///
    /// - Parameter workerGone: signalled when a worker is gone.
    func makeDesk(workerGone: Wake) -> WorkerDesk {
        WorkerDesk(
            monitor: means.workers,
            tombstones: tombstones,
            termGuard: termGuard,
            book: book,
            store: store,
            dispatch: dispatch,
            workerGone: workerGone,
            addressInterval: means.settings.workerIPUpdateTTL,
            logger: logger
        )
    }

    /// Finds tasks that got lost.
    ///
    /// - Parameter wake: signalled when a worker is gone.
    func makeReconciler(
        failures: FailedAttempts,
        syncs: LedgerSyncs,
        results: ResultQueues,
        wake: Wake
    ) -> Reconciler {
        Reconciler(
            book: book,
            store: store,
            failures: failures,
            syncs: syncs,
            results: results,
            queues: queues,
            workers: means.workers.control,
            census: means.workers.census,
            tombstones: tombstones,
            wake: wake,
            logger: logger
        )
    }
}
