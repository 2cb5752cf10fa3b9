public import ScanModel

/// What a report says of a scan's targets and refusals that never changes once there is a plan, as far as it does not grow
/// with the targets.
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
    /// What it covers.
    public let plan: Plan
    /// What it does not cover, and why.
    public let refusals: PlanRefusals

    /// A report of the given parts.
    public init(id: ScanID, plan: Plan, refusals: PlanRefusals) {
        self.id = id
        self.plan = plan
        self.refusals = refusals
    }

    /// How many chunks of outcomes the plan takes.
    public var chunks: Int {
        (plan.count + ScanStore.outcomesPerChunk - 1) / ScanStore.outcomesPerChunk
    }

    /// Where the targets of a chunk stand, in the order of the plan.
    ///
    /// - Parameters:
    ///   - outcomes: as `ScanStore.outcomes(of:chunk:)` returned them, after the moment.
    ///   - moment: where targets without an outcome stand.
    public func standings(inChunk chunk: Int, outcomes: [UInt8], at moment: ScanMoment) -> [TargetStanding] {
        let first = chunk * ScanStore.outcomesPerChunk
        let count = min(ScanStore.outcomesPerChunk, plan.count - first)
        let unsettled = moment.standingWithoutOutcome
        var standings = [TargetStanding](repeating: unsettled, count: count)
        for (place, outcome) in OutcomeCodes(outcomes) where place < count {
            standings[place] = TargetStanding(outcome)
        }
        for (target, standing) in moment.openTargets(inChunk: chunk) where target - first < count {
            if standings[target - first] == unsettled { standings[target - first] = standing }
        }
        return standings
    }
}

/// What changes of a scan beside its outcomes: its state, and which targets are on their way. All of one moment.
public struct ScanMoment: Sendable {
    private let state: ScanState
    private let open: [Int: [(target: Int, standing: TargetStanding)]]

    /// A moment of a scan; targets are named by their places in the plan.
    public init(state: ScanState, inFlight: [Int] = [], parked: [Int] = []) {
        self.state = state
        let open = inFlight.map { ($0, TargetStanding.inFlight) } + parked.map { ($0, TargetStanding.parked) }
        self.open = Dictionary(grouping: open) { $0.0 / ScanStore.outcomesPerChunk }
    }

    func openTargets(inChunk chunk: Int) -> [(target: Int, standing: TargetStanding)] {
        open[chunk] ?? []
    }

    /// What no outcome means for a target that is neither in flight nor parked.
    var standingWithoutOutcome: TargetStanding {
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
