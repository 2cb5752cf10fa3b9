/// All that a user can see of a scan's life.
public struct ScanProgress: Hashable, Sendable {
    /// Counts of one phase.
    public struct PhaseCounts: Hashable, Sendable, Codable {
        /// Targets that reach or reached this phase, as far as known.
        public var targets = 0
        /// Of those, through with it.
        public var finished = 0
        /// Tasks a worker is busy with.
        public var running = 0

        /// All zero.
        public init() {}
    }

    /// The scan.
    public var id: ScanID
    /// Whose it is.
    public var project: ProjectID
    /// Where it is in its life.
    public var state: ScanState
    /// Why it waits or failed, in words; nil where all is well.
    public var detail: String?
    /// Unix time of acceptance, in milliseconds.
    public var createdAt: Int
    /// Unix time of the end, in milliseconds.
    public var endedAt: Int?
    /// How ScanLedger merges its results.
    public var mode: ImportMode
    /// Where the targets stand.
    public var counts: TargetCounts
    /// The plan's counts, once there is a plan.
    public var summary: PlanSummary?
    /// The phases, in order.
    public var phases: [Phase: PhaseCounts]
    /// In how many seconds it ends by the pace of the last minutes; nil where that is not known.
    public var secondsLeft: Int?

    /// The progress of a scan with the given parts.
    public init(
        id: ScanID,
        project: ProjectID,
        state: ScanState,
        detail: String?,
        createdAt: Int,
        endedAt: Int?,
        mode: ImportMode,
        counts: TargetCounts,
        summary: PlanSummary?,
        phases: [Phase: PhaseCounts]
    ) {
        self.id = id
        self.project = project
        self.state = state
        self.detail = detail
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.mode = mode
        self.counts = counts
        self.summary = summary
        self.phases = phases
    }
}
