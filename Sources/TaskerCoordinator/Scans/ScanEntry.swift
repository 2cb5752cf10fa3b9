import AddressSpace
import ScanModel
import ScanStore

/// What the leader knows of one scan that stays as it is while targets come and go. Shared, because requests and plans take
/// long to copy.
final class ScanEntry: Sendable {
    let id: ScanID
    let project: ProjectID
    let request: ScanRequest
    /// The short name of who asked for it.
    let caller: String
    /// Nil while planning.
    let plan: Plan?
    /// The order in which the plan's targets are dispatched.
    let order: DispatchOrder?

    init(_ scan: ActiveScan) {
        id = scan.id
        project = scan.project
        request = scan.request
        caller = scan.caller
        plan = scan.plan
        order = scan.plan.map { DispatchOrder(count: UInt64($0.count), seed: $0.seed) }
    }

    /// The order in which scans of a project are dispatched: by priority, then by age.
    func goesBefore(_ other: ScanEntry) -> Bool {
        (other.request.priority, id) < (request.priority, other.id)
    }
}
