import ScanModel

/// What became of the last attempts at a scan's tasks: where half of them failed for one reason, something is wrong that
/// more attempts do not mend. No I/O.
struct RecentAttempts: Sendable {
    /// How many count.
    static let count = 50

    /// The failures by place in the ring; nil for an attempt that brought what was wanted.
    private var ring: [FailureReason?] = []
    private var next = 0
    private var failures: [FailureReason: Int] = [:]

    /// Takes another attempt in.
    ///
    /// - Returns: the reason for which half of the last 50 have failed now, if there is one. Counting then begins anew.
    mutating func record(_ failure: FailureReason?) -> FailureReason? {
        if ring.count < Self.count {
            ring.append(failure)
        } else {
            if let old = ring[next] { failures[old, default: 0] -= 1 }
            ring[next] = failure
            next = (next + 1) % Self.count
        }
        guard let failure else { return nil }
        failures[failure, default: 0] += 1
        guard ring.count == Self.count, failures[failure, default: 0] >= Self.count / 2 else { return nil }
        self = RecentAttempts()
        return failure
    }
}

extension FailureReason {
    /// Whether it says something about the scan: that a worker fell silent, or ScanLedger shows nothing of a host, does not.
    var tellsOfTheScan: Bool {
        switch self {
        case .timedOut, .unroutable, .badReport, .workerError, .rejectedByScanLedger: true
        case .lost, .deadline, .notInLedger, .tooManyPorts, .stopped, .forbidden, .down: false
        }
    }
}
