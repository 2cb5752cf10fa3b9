import ScanModel

/// The scans of a project, latest first.
struct ScanListAnswer: Encodable {
    let scans: [ScanAnswer]
}

/// A scan's progress. In every answer `planned = pending + in_flight + parked + done + done_partial + failed + cancelled`
/// and `considered = planned + refused_total`.
struct ScanAnswer: Encodable {
    private let progress: ScanProgress

    init(_ progress: ScanProgress) {
        self.progress = progress
    }

    private enum CodingKeys: String, CodingKey {
        case id, project, state, detail, mode, planned, pending, parked, done, failed, cancelled, considered, refused
        case phases
        case createdAt = "created_at"
        case endedAt = "ended_at"
        case inFlight = "in_flight"
        case donePartial = "done_partial"
        case refusedTotal = "refused_total"
        case secondsLeft = "eta_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(progress.id, forKey: .id)
        try container.encode(progress.project, forKey: .project)
        try container.encode(progress.state, forKey: .state)
        try container.encode(progress.detail, forKey: .detail)
        try container.encode(Timestamp.text(progress.createdAt), forKey: .createdAt)
        try container.encode(progress.endedAt.map(Timestamp.text), forKey: .endedAt)
        try container.encode(progress.mode, forKey: .mode)
        try container.encode(progress.secondsLeft, forKey: .secondsLeft)
        try encode(progress.counts, to: &container)
        let phases = progress.phases.map { ($0.key.rawValue, $0.value) }
        try container.encode(Dictionary(uniqueKeysWithValues: phases), forKey: .phases)
    }

    private func encode(_ counts: TargetCounts, to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(counts.planned, forKey: .planned)
        try container.encode(counts.pending, forKey: .pending)
        try container.encode(counts.inFlight, forKey: .inFlight)
        try container.encode(counts.parked, forKey: .parked)
        try container.encode(counts.done, forKey: .done)
        try container.encode(counts.donePartial, forKey: .donePartial)
        try container.encode(counts.failed, forKey: .failed)
        try container.encode(counts.cancelled, forKey: .cancelled)
        let refused = RefusalReason.allCases.map { ($0.rawValue, progress.summary?.refused[$0] ?? 0) }
        let refusedTotal = refused.reduce(0) { $0.addingSaturating($1.1) }
        try container.encode(Dictionary(uniqueKeysWithValues: refused), forKey: .refused)
        try container.encode(refusedTotal, forKey: .refusedTotal)
        try container.encode(counts.planned.addingSaturating(refusedTotal), forKey: .considered)
    }
}

extension Int {
    /// The sum, `Int.max` where it does not fit.
    fileprivate func addingSaturating(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension ScanAnswer {
    static let schema = Schema.object([
        .required("id", .uuid), .required("project", .uuid),
        .required("state", .choice(of: ScanState.self)),
        .required("detail", Schema.string().orNull, "Why it waits or failed."),
        .required("created_at", .time), .required("ended_at", Schema.time.orNull),
        .required("mode", .choice(of: ImportMode.self)),
        .required("planned", .count), .required("pending", .count), .required("in_flight", .count),
        .required("parked", .count), .required("done", .count), .required("done_partial", .count),
        .required("failed", .count), .required("cancelled", .count),
        .required("refused", RefusalReason.countsSchema), .required("refused_total", .count),
        .required("considered", .count),
        .required("eta_seconds", Schema.count.orNull, "To its end, by the pace of the last five minutes."),
        .required("phases", .object(Phase.allCases.map { .optional($0.rawValue, counts) })),
    ]).named("Scan").described(
        "`planned = pending + in_flight + parked + done + done_partial + failed + cancelled`, and"
            + " `considered = planned + refused_total`."
    )

    private static let counts = Schema.object([
        .required("targets", .count), .required("finished", .count), .required("running", .count),
    ])
}

extension ScanListAnswer {
    static let schema = Schema.object([.required("scans", .array(of: ScanAnswer.schema), "Latest first.")])
}
