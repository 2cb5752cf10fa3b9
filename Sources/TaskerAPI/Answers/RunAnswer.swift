import ScanModel

/// The answer of the routes that start a scan: the plan, and where the report on all of it is.
struct RunAnswer: Encodable {
    let plan: PlanAnswer
    let report: String

    private enum CodingKeys: String, CodingKey {
        case report
    }

    func encode(to encoder: any Encoder) throws {
        try plan.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report, forKey: .report)
    }
}
