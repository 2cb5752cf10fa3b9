import HTTPTypes
import Hummingbird
import NIOCore

/// Results that did not count: reports that ScanLedger refuses, which are kept, and results that nobody waited for.
struct QuarantineRoutes: Sendable {
    /// How many entries a list may have, and has where nobody says.
    static let listBounds = 1...1_000
    static let standardListLength = 100
    /// Names a report in the path.
    static let reportParameter = "report_id"
    static let fileType = "application/xml"

    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.onProject(.quarantine) { request, _, access in
            let limit = try Self.limit(of: request)
            let reports = try await store.quarantine(of: access.project, limit: limit)
            return try .json(QuarantineAnswer(reports))
        }
        routes.onProject(.quarantinedReport) { _, context, access in
            let id = context.parameters.get(Self.reportParameter) ?? ""
            guard let report = try await store.quarantinedReport(id, of: access.project) else {
                throw APIError(.notFound, .text("Report not found"))
            }
            guard !report.isEmpty else { throw APIError(.notFound, .text("the report was too large to be kept")) }
            return Self.file(report, name: id)
        }
        routes.onProject(.setAside) { request, _, access in
            let limit = try Self.limit(of: request)
            return try .json(SetAsideAnswer(try await store.setAside(of: access.project, limit: limit)))
        }
    }

    private static func limit(of request: Request) throws(APIError) -> Int {
        let query = QueryReader(request)
        let limit = query.integer("limit", in: listBounds) ?? standardListLength
        try query.finish()
        return limit
    }

    /// What stands in the report comes from the hosts that were scanned: it is for saving, and not for a browser to show.
    private static func file(_ report: [UInt8], name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: fileType,
                .contentDisposition: #"attachment; filename="report-\#(name).xml""#,
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: report))
        )
    }
}

extension Operation {
    private static let limit = Parameter(
        name: "limit",
        place: .query,
        schema: .integer(in: QuarantineRoutes.listBounds)
            .defaulting(to: .integer(QuarantineRoutes.standardListLength)),
        description: "How many at most."
    )

    fileprivate static let quarantine = Operation(
        id: "quarantine",
        subject: .results,
        methods: [.get],
        path: "/tasks/{project_id}/quarantine",
        access: .project(.none),
        summary: "Reports that ScanLedger refuses, latest first",
        description: "The last 256 of the project, for a week after the last one.",
        parameters: [limit],
        answers: [.ok(QuarantineAnswer.schema, "The reports.")]
    )

    fileprivate static let quarantinedReport = Operation(
        id: "quarantined-report",
        subject: .results,
        methods: [.get],
        path: "/tasks/{project_id}/quarantine/{\(QuarantineRoutes.reportParameter)}",
        access: .project(.none),
        summary: "One of these reports, as a file of XML",
        answers: [Answer(status: .ok, description: "The report.", contentType: QuarantineRoutes.fileType)]
    )

    fileprivate static let setAside = Operation(
        id: "set-aside",
        subject: .results,
        methods: [.get],
        path: "/tasks/{project_id}/set-aside",
        access: .project(.none),
        summary: "Results that did not count, latest first",
        description: "Notes on the last 1,000 results that nobody waited for, or that could not be read.",
        parameters: [limit],
        answers: [.ok(SetAsideAnswer.schema, "The notes.")]
    )
}
