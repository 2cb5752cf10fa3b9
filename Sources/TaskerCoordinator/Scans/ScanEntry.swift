import AddressSpace
import ScanModel
import ScanStore
import Telemetry

/// What the leader knows of one scan that stays as it is while targets come and go. Shared, because requests and plans take
/// long to copy.
final class ScanEntry: Sendable {
    let id: ScanID
    let project: ProjectID
    let request: ScanRequest
    /// The short name of who asked for it.
    let caller: String
    /// The request that started it.
    let correlation: Correlation?
    /// Nil while planning.
    let plan: Plan?
    /// The order in which the plan's targets are dispatched.
    let order: DispatchOrder?

    init(_ scan: ActiveScan) {
        id = scan.id
        project = scan.project
        request = scan.request
        caller = scan.caller
        correlation = scan.correlation
        plan = scan.plan
        order = scan.plan.map { DispatchOrder(count: UInt64($0.count), seed: $0.seed) }
    }

    /// The order in which scans of a project are dispatched: by priority, then by age.
    func goesBefore(_ other: ScanEntry) -> Bool {
        (other.request.priority, id) < (request.priority, other.id)
    }
}

extension ActiveScan {
    /// The request that started it, for log records and what is asked for in its name.
    var correlation: Correlation? {
        requestID.map { Correlation(request: $0, trace: traceparent.flatMap(TraceContext.init) ?? .root()) }
    }
}
