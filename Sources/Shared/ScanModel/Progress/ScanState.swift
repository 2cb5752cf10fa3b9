/// Where a scan is in its life.
public enum ScanState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Accepted; the coordinator works out what it covers.
    case planning
    /// Planning needs ScanLedger, which does not answer; it is asked again until it does.
    case waitingForScanLedger = "waiting_for_scanledger"
    /// Planning needs a name server, and none answers; they are asked again until one does.
    case waitingForDNS = "waiting_for_dns"
    /// Targets are being scanned.
    case running
    /// As running, but no worker is alive. Never stored: readers derive it.
    case waitingForWorkers = "waiting_for_workers"
    /// As running, but nothing is dispatched until somebody resumes it. Never stored: readers derive it.
    case paused
    /// A stop was asked for and is being carried out.
    case stopping
    /// Every planned target has its outcome.
    case completed
    /// Ended by a stop.
    case stopped
    /// Could not be planned; the reason is kept.
    case failed
    /// Only the plan was wanted, and it is there: nothing is dispatched.
    case dryRun = "dry_run"

    /// No more happens to a scan in this state.
    public var isTerminal: Bool {
        switch self {
        case .completed, .stopped, .failed, .dryRun: true
        case .planning, .waitingForScanLedger, .waitingForDNS, .running, .waitingForWorkers, .paused, .stopping: false
        }
    }

    /// The plan is not there yet.
    public var isPlanning: Bool {
        switch self {
        case .planning, .waitingForScanLedger, .waitingForDNS: true
        case .running, .waitingForWorkers, .paused, .stopping, .completed, .stopped, .failed, .dryRun: false
        }
    }
}
