import AddressSpace
import ScanLedger
import ScanModel
import ScanStore

/// What planning needs of ScanLedger.
protocol KnownTargets: Sendable {
    func knownAddresses(of project: ProjectID) async throws(LedgerError) -> AddressSet
    func addHostnames(_ names: [(IPAddress, [String])], to project: ProjectID) async throws(LedgerError)
}

extension LedgerClient: KnownTargets {}

/// What planning needs of the store.
protocol PlanKeeping: Sendable {
    func setPlanningState(_ state: ScanState, detail: String, of scan: ScanID) async throws(StoreError) -> Bool
    func targets(of requeue: Requeue) async throws(StoreError) -> RequeuedTargets?
    func commit(
        _ plan: Plan,
        refusals: PlanRefusals,
        answer: PlanAnswer,
        of scan: ScanID,
        isDryRun: Bool
    ) async throws(StoreError) -> Bool
}

extension LeaderStore: PlanKeeping {}
