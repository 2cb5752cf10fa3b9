import ScanModel

extension RunAnswer {
    static let schema = Schema.object([
        .required("summary", PlanSummary.schema),
        .required(
            "prepared_targets",
            .map(of: PreparedTarget.schema),
            "The first \(PlanAnswer.inlineLimit) targets and refusals, by address or by the name that has none."
        ),
        .required(
            "input_to_scan",
            .array(of: InputMapping.schema, count: 0...PlanAnswer.inlineLimit),
            "Which address each of the first entries of the request led to."
        ),
        .required("prepared_targets_total", .count),
        .required("input_to_scan_total", .count),
        .required("truncated", .boolean, "Whether the lists were cut; the report has all of it."),
        .required("scan_id", .uuid),
        .required("state", .choice(of: ScanState.self)),
        .required("report", .string(), "The path of the report on every target."),
    ]).named("Plan")
}

extension PlanSummary {
    fileprivate static let schema = Schema.object([
        .required("provided", .count, "Addresses and names in the request, with repeats."),
        .required("duplicates_removed", .count),
        .required("resolved_ips", .count, "Distinct addresses."),
        .required("hostnames_collapsed_to_ip", .count, "Names that led to an address that was there already."),
        .required("refused", RefusalReason.countsSchema),
        .required("sent_to_scan", .count),
    ])
}

extension RefusalReason {
    /// Counts by reason; every reason is there.
    static let countsSchema = Schema.object(allCases.map { .required($0.rawValue, .count) }).named("RefusalCounts")
}

extension PreparedTarget {
    fileprivate static let schema = Schema.object([
        .required("hostnames", .array(of: .string())),
        .required("valid", .boolean, "Whether it is scanned."),
        .required("reason", Schema.choice(of: RefusalReason.self).orNull, "Why not."),
        .optional("covered_by", .uuid, "The active scan that covers it."),
    ])
}

extension InputMapping {
    fileprivate static let schema = Schema.object([
        .required("input", .string()), .required("scanned_ip", .string()),
        .required("all_hostnames_for_ip", .array(of: .string())),
    ])
}
