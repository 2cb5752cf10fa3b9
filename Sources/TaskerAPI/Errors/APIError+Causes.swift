import HTTPTypes
import Hummingbird
import NIOCore
import ScanLedger
import ScanModel
import ScanStore

extension APIError {
    /// What a caller is told about an error of any kind; nil where it is our own fault and the log has to say more.
    init?(explaining error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as StoreError: self.init(error)
        case is LedgerError: self = .ledgerUnavailable(error)
        case let error as HTTPError:
            self.init(error.status, .text(error.body ?? error.status.reasonPhrase), headers: error.headers)
        case is SlowSenderHandler.TimeOver: self = .timeOver
        case is CancellationError: self = .unavailable("the service is shutting down")
        default: return nil
        }
    }

    /// It is not known who may do what.
    static func ledgerUnavailable(_ error: any Error) -> APIError {
        let wait = (error as? LedgerError)?.retryAfter ?? .seconds(5)
        return .unavailable("ScanLedger, which says who may do what, cannot be asked now", retryAfter: wait)
    }

    /// What was asked of a scan takes a plan, and the scan has none.
    static func noPlan(_ progress: ScanProgress) -> APIError {
        switch progress.state {
        case .failed: APIError(.conflict, .text(progress.detail ?? "the scan could not be planned"))
        case .stopping, .stopped: APIError(.conflict, .text("the scan was stopped before it had a plan"))
        case .planning, .waitingForScanLedger, .waitingForDNS, .running, .waitingForWorkers, .paused, .completed,
            .dryRun:
            APIError(.conflict, .text("the scan has no plan yet"), headers: [.retryAfter: "2"])
        }
    }

    private init?(_ error: StoreError) {
        switch error.code {
        case .unavailable, .refused: self = .unavailable("the store (Redis) is not available")
        case .foreignInstallation:
            self = .unavailable("the store (Redis) does not hold this installation's data", retryAfter: .seconds(30))
        case .limit: self.init(.tooManyRequests, .text(error.message), headers: [.retryAfter: "30"])
        case .conflict:
            self.init(.conflict, .text("this Idempotency-Key came with another request before; send a new key"))
        case .fenced, .corrupt: return nil
        }
    }
}
