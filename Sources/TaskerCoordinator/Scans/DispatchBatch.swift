import ScanModel
import ScanStore
import Telemetry

/// Tasks of one scan that are to be claimed together: those to be published, and fresh targets to be put aside because
/// their networks have no room.
struct DispatchBatch: Sendable {
    let entry: ScanEntry
    var chaining = PhaseChaining.coordinator
    let plan: Plan
    let claims: [Claim]
    let cursorBefore: Int
    let cursorAfter: Int

    var scan: ScanID { entry.id }
    var project: ProjectID { entry.project }
    var request: ScanRequest { entry.request }

    /// The place of one more task in the trace of the request that started the scan.
    var traceparent: String? { entry.correlation.map { "\($0.trace.child())" } }

    /// How many of the claims are to be published.
    var dispatches: Int { claims.count { $0.source != .passedOver } }

    /// Which of the claims hold although nobody said so, because the reply was lost: those that Redis shows as claimed, for
    /// nobody else claims. Nil where none does.
    func held(by found: [Int: ActiveScan.Task]) -> [Bool]? {
        let held = claims.map { claim in
            guard let task = found[claim.task.target], task.task == claim.task else { return false }
            return task.state == (claim.source == .passedOver ? .parked : .claimed)
        }
        return held.contains(true) ? held : nil
    }
}
