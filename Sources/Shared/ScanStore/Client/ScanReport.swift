public import ScanModel

/// What can be said of a scan's targets and refusals, as far as it does not grow with the targets. All of one moment; where
/// each target stands comes with the outcomes, chunk by chunk.
public struct ScanReport: Sendable {
    /// What is known of a target beside where it stands.
    public struct Remark: Hashable, Sendable {
        /// Why it did not end as done, or what is special about that.
        public let reason: FailureReason?
        /// More words on the reason.
        public let detail: String?

        /// A remark on a target.
        public init(reason: FailureReason?, detail: String?) {
            self.reason = reason
            self.detail = detail
        }
    }

    /// The scan.
    public let id: ScanID
    /// Where it is in its life.
    public let state: ScanState
    /// What it covers.
    public let plan: Plan
    /// What it does not cover, and why.
    public let refusals: PlanRefusals
    /// Remarks by target; the store keeps the first 10,000 of a scan.
    public let remarks: [Int: Remark]

    private let open: [Int: [(target: Int, standing: TargetStanding)]]

    /// A report of the given parts; targets are named by their places in the plan.
    public init(
        id: ScanID,
        state: ScanState,
        plan: Plan,
        refusals: PlanRefusals,
        inFlight: [Int] = [],
        parked: [Int] = [],
        remarks: [Int: Remark] = [:]
    ) {
        self.id = id
        self.state = state
        self.plan = plan
        self.refusals = refusals
        self.remarks = remarks
        let open = inFlight.map { ($0, TargetStanding.inFlight) } + parked.map { ($0, TargetStanding.parked) }
        self.open = Dictionary(grouping: open) { $0.0 / ScanStore.outcomesPerChunk }
    }

    /// How many chunks of outcomes the plan takes.
    public var chunks: Int {
        (plan.count + ScanStore.outcomesPerChunk - 1) / ScanStore.outcomesPerChunk
    }

    /// Where the targets of a chunk stand, in the order of the plan.
    ///
    /// - Parameter outcomes: as `ScanStore.outcomes(of:chunk:)` returns them.
    public func standings(inChunk chunk: Int, outcomes: [UInt8]) -> [TargetStanding] {
        let first = chunk * ScanStore.outcomesPerChunk
        let count = min(ScanStore.outcomesPerChunk, plan.count - first)
        let unsettled = standingWithoutOutcome
        var standings = [TargetStanding](repeating: unsettled, count: count)
        for (place, outcome) in OutcomeCodes(outcomes) where place < count {
            standings[place] = TargetStanding(outcome)
        }
        for (target, standing) in open[chunk] ?? [] where target - first < count {
            if standings[target - first] == unsettled { standings[target - first] = standing }
        }
        return standings
    }

    /// What no outcome means for a target that is neither in flight nor parked.
    private var standingWithoutOutcome: TargetStanding {
        switch state {
        case .planning, .waitingForScanLedger, .waitingForDNS, .running, .waitingForWorkers, .paused, .dryRun: .pending
        case .stopping, .stopped, .completed, .failed: .cancelled
        }
    }
}

extension TargetStanding {
    fileprivate init(_ outcome: Outcome) {
        switch outcome {
        case .done: self = .done
        case .donePartial: self = .donePartial
        case .failed: self = .failed
        }
    }
}
