import AMQPClient
import Logging
import NameResolution
import RedisClient
import ScanLedger
import ScanStore
import Settings

/// What a coordinator has for as long as it lives, whoever leads.
struct CoordinatorMeans: Sendable {
    let settings: CoordinatorSettings
    let redis: RedisClient
    let witness: StoreWitness
    /// What tasks and commands go out on.
    let publisher: AMQPConnection
    /// What results come in on.
    let consumer: AMQPConnection
    let ledger: LedgerClient
    let resolver: NameResolver
    let workers: WorkerMonitor
    let logger: Logger
}
