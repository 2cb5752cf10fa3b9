import ScanModel
import Settings

extension TermContext {
    /// Brings the results of this term to ScanLedger.
    func makeSyncs(_ watch: FailureWatch) -> LedgerSyncs {
        let importer = LedgerImporter(
            ledger: means.ledger,
            book: book,
            store: store,
            refresh: refresh,
            broker: means.consumer,
            termGuard: termGuard,
            dispatch: dispatch,
            watch: watch,
            logger: logger
        )
        return LedgerSyncs(importer: importer, broker: means.consumer, failure: failure) { queue in
            ProjectSync(
                queue: queue,
                importer: importer,
                ledger: means.ledger,
                broker: means.consumer,
                termGuard: termGuard,
                health: SyncHealth(
                    project: queue.project,
                    store: store,
                    book: book,
                    dispatch: dispatch,
                    consumerTimeout: means.settings.rabbitMQ.consumerTimeout,
                    logger: logger
                ),
                logger: logger
            )
        }
    }

    /// Decides what becomes of attempts that failed.
    func makeFailures(_ watch: FailureWatch, syncs: LedgerSyncs) -> FailedAttempts {
        FailedAttempts(
            book: book,
            store: store,
            refresh: refresh,
            maximumAttempts: means.settings.dispatch.maxAttempts,
            watch: watch,
            syncs: syncs,
            dispatch: dispatch,
            logger: logger
        )
    }

    /// Takes in what workers send.
    func makeConsumers(of results: ResultQueues, failures: FailedAttempts, syncs: LedgerSyncs) -> ResultConsumers {
        ResultConsumers(book: book, queues: results, failure: failure) { project in
            ProjectResults(
                project: project,
                broker: means.consumer,
                queues: results,
                book: book,
                store: store,
                refresh: refresh,
                syncs: syncs,
                failures: failures,
                maximumServicePorts: means.settings.dispatch.maxServicePorts,
                dispatch: dispatch,
                logger: logger
            )
        }
    }
}
