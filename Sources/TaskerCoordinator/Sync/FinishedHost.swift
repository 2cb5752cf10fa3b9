import AMQPClient
import Nmap
import ScanLedger
import ScanModel
import ScanStore

/// A target that is through and whose findings ScanLedger is to get.
struct FinishedHost: Sendable {
    let task: TaskReference
    let host: NmapHost
    let outcome: Outcome
    let reason: FailureReason?
    let detail: String?
    /// The scan's request: mode, history and ports are those of the import.
    let request: ScanRequest
    /// The result it came from, acknowledged after the import.
    let delivery: AMQPDelivery?

    /// Bytes that the host takes in a report, roughly.
    let size: Int
    /// Since when it waits.
    let since = ContinuousClock.now
    /// Its import was announced in Redis already.
    var isMarked = false
    /// That ScanLedger, answering reads, refused a report that had it.
    var refusal: Refusal?

    struct Refusal {
        /// When it first did.
        let since: ContinuousClock.Instant
        /// What it said last.
        let error: LedgerError
    }

    init(
        task: TaskReference,
        host: NmapHost,
        outcome: Outcome,
        reason: FailureReason?,
        detail: String?,
        request: ScanRequest,
        delivery: AMQPDelivery?
    ) {
        self.task = task
        self.host = host
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.request = request
        self.delivery = delivery
        size = host.encoded().count
    }

    /// The same host, of which a report was refused.
    func refused(with error: LedgerError, at now: ContinuousClock.Instant) -> FinishedHost {
        var host = self
        host.refusal = Refusal(since: refusal?.since ?? now, error: error)
        return host
    }

    var settlement: Settlement {
        Settlement(
            task: task,
            outcome: outcome,
            reason: reason,
            detail: detail,
            found: FoundTarget(
                ip: "\(host.address)",
                hostnames: host.hostnames,
                openPorts: host.ports.count { $0.state == .open }
            )
        )
    }
}
