/// The body of an answer to run-nmap: the original's fields, and ours beside them.
public struct PlanAnswer: Hashable, Sendable, Codable {
    /// How many entries of `preparedTargets` and `inputToScan` an answer holds at most.
    public static let inlineLimit = 100

    /// Exact counts.
    public var summary: PlanSummary
    /// The first targets and refusals, by address or by the name that has none.
    public var preparedTargets: [String: PreparedTarget]
    /// Which address each of the first entries of the request led to.
    public var inputToScan: [InputMapping]
    /// The scan's id.
    public var scanID: ScanID
    /// The scan's state when this was written.
    public var state: ScanState
    /// How many prepared targets there are in all.
    public var preparedTargetsTotal: Int
    /// How many mappings there are in all.
    public var inputToScanTotal: Int
    /// Whether the lists above were cut at `inlineLimit`.
    public var truncated: Bool

    /// An answer of the given parts.
    public init(
        summary: PlanSummary,
        preparedTargets: [String: PreparedTarget],
        inputToScan: [InputMapping],
        scanID: ScanID,
        state: ScanState,
        preparedTargetsTotal: Int,
        inputToScanTotal: Int
    ) {
        self.summary = summary
        self.preparedTargets = preparedTargets
        self.inputToScan = inputToScan
        self.scanID = scanID
        self.state = state
        self.preparedTargetsTotal = preparedTargetsTotal
        self.inputToScanTotal = inputToScanTotal
        truncated = preparedTargetsTotal > preparedTargets.count || inputToScanTotal > inputToScan.count
    }

    /// The answer while the plan is still being worked out: the same shape, with what is known.
    public static func pending(scanID: ScanID, state: ScanState) -> PlanAnswer {
        PlanAnswer(
            summary: PlanSummary(),
            preparedTargets: [:],
            inputToScan: [],
            scanID: scanID,
            state: state,
            preparedTargetsTotal: 0,
            inputToScanTotal: 0
        )
    }

    private enum CodingKeys: String, CodingKey {
        case summary
        case preparedTargets = "prepared_targets"
        case inputToScan = "input_to_scan"
        case scanID = "scan_id"
        case state
        case preparedTargetsTotal = "prepared_targets_total"
        case inputToScanTotal = "input_to_scan_total"
        case truncated
    }
}

/// One address of a plan, or one thing refused.
public struct PreparedTarget: Hashable, Sendable, Codable {
    /// The user's names for it.
    public let hostnames: [String]
    /// Whether it is scanned.
    public let valid: Bool
    /// Why not.
    public let reason: RefusalReason?
    /// The active scan that covers it, where that is why not.
    public let coveringScan: ScanID?

    /// A target, or a refusal where a reason is given.
    public init(hostnames: [String], reason: RefusalReason?, coveringScan: ScanID? = nil) {
        self.hostnames = hostnames
        valid = reason == nil
        self.reason = reason
        self.coveringScan = coveringScan
    }

    private enum CodingKeys: String, CodingKey {
        case hostnames, valid, reason
        case coveringScan = "covered_by"
    }

    /// Writes `reason` also where it is null, as the original does.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(hostnames, forKey: .hostnames)
        try container.encode(valid, forKey: .valid)
        try container.encode(reason, forKey: .reason)
        try container.encodeIfPresent(coveringScan, forKey: .coveringScan)
    }
}

/// Which address one entry of the request led to.
public struct InputMapping: Hashable, Sendable, Codable {
    /// The entry as the user wrote it.
    public let input: String
    /// The address scanned, or the entry itself where it has none.
    public let scannedIP: String
    /// All names the request has for that address.
    public let hostnames: [String]

    /// A mapping from an entry to an address.
    public init(input: String, scannedIP: String, hostnames: [String]) {
        self.input = input
        self.scannedIP = scannedIP
        self.hostnames = hostnames
    }

    private enum CodingKeys: String, CodingKey {
        case input
        case scannedIP = "scanned_ip"
        case hostnames = "all_hostnames_for_ip"
    }
}
