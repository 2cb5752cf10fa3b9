import Foundation
import ScanModel
import ScanStore

/// What the routes need of the store.
protocol ScanKeeping: Sendable {
    func submit(
        _ request: ScanRequest,
        as id: ScanID,
        for project: ProjectID,
        by requester: Requester,
        idempotencyKey: String?,
        atMilliseconds milliseconds: Int
    ) async throws(StoreError) -> ScanID
    func answer(for id: ScanID) async throws(StoreError) -> (answer: PlanAnswer?, state: ScanState?)
    func request(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanRequest?
    func pace(
        _ pace: ScanStore.Pace,
        project: ProjectID,
        scan: ScanID?,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID]
    func requestStop(
        of project: ProjectID,
        receipt: UUID,
        by requester: Requester
    ) async throws(StoreError) -> [ScanID]?
    func audit(of project: ProjectID, limit: Int, after: StreamPosition?) async throws(StoreError) -> [AuditEntry]
    func receipt(_ id: UUID) async throws(StoreError) -> StopReceipt?
    func status(of project: ProjectID) async throws(StoreError) -> ScanStore.ProjectStatus
    func progress(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanProgress?
    func scans(of project: ProjectID, limit: Int) async throws(StoreError) -> [ScanProgress]
    func report(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanReport?
    func moment(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanMoment?
    func outcomes(of id: ScanID, chunk: Int) async throws(StoreError) -> [UInt8]
    func remarks(of id: ScanID) async throws(StoreError) -> [Int: ScanReport.Remark]
    func remarks(of id: ScanID, on targets: [Int]) async throws(StoreError) -> [Int: ScanReport.Remark]
    func quarantine(of project: ProjectID, limit: Int) async throws(StoreError) -> [QuarantinedReport]
    func quarantinedReport(_ id: String, of project: ProjectID) async throws(StoreError) -> [UInt8]?
    func setAside(of project: ProjectID, limit: Int) async throws(StoreError) -> [SetAsideNote]
    func workers() async throws(StoreError) -> [ScanStore.WorkerRecord]
    func eventHistory(of project: ProjectID) async throws(StoreError) -> EventHistory
    func events(
        after positions: [ProjectID: StreamPosition]
    ) async throws(StoreError) -> [ProjectID: [ProjectEvent]]
    func ping() async throws(StoreError)
}

extension ScanStore: ScanKeeping {}
