import ScanModel
import ScanStore

/// The reports that ScanLedger refuses, the latest first.
struct QuarantineAnswer: Encodable {
    private let reports: [Row]

    init(_ reports: [QuarantinedReport]) {
        self.reports = reports.map(Row.init(_:))
    }

    private struct Row: Encodable {
        let id: String
        let scanID: ScanID
        let ip: String
        let reason: String?
        let detail: String?
        let at: String
        let size: Int

        init(_ report: QuarantinedReport) {
            id = report.id
            scanID = report.scan
            ip = report.ip
            reason = report.reason?.rawValue
            detail = report.detail
            at = Timestamp.text(report.at)
            size = report.size
        }

        private enum CodingKeys: String, CodingKey {
            case id, ip, reason, detail, at, size
            case scanID = "scan_id"
        }
    }
}

/// The results that were not used, the latest first.
struct SetAsideAnswer: Encodable {
    private let results: [Row]

    init(_ notes: [SetAsideNote]) {
        results = notes.map { Row(taskID: $0.task, reason: $0.reason, at: Timestamp.text($0.at * 1_000)) }
    }

    private struct Row: Encodable {
        let taskID: String
        let reason: String
        let at: String

        private enum CodingKeys: String, CodingKey {
            case reason, at
            case taskID = "task_id"
        }
    }
}

extension QuarantineAnswer {
    static let idSchema = Schema.string(pattern: "^[0-9]{1,20}-[0-9]{1,20}$")

    static let schema = Schema.object([
        .required(
            "reports",
            .array(
                of: .object([
                    .required("id", idSchema), .required("scan_id", .uuid), .required("ip", .string()),
                    .optional("reason", .choice(of: FailureReason.self)),
                    .optional("detail", .string(), "How ScanLedger refused it."), .required("at", .time),
                    .required("size", .count, "Bytes."),
                ])
            ),
            "Latest first."
        )
    ])
}

extension SetAsideAnswer {
    static let schema = Schema.object([
        .required(
            "results",
            .array(
                of: .object([
                    .required("task_id", .string()), .required("reason", .string()), .required("at", .time),
                ])
            ),
            "Latest first."
        )
    ])
}
