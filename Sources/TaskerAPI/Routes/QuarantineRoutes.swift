import HTTPTypes
import Hummingbird
import NIOCore

/// Results that did not count: reports that ScanLedger refuses, which are kept, and results that nobody waited for.
struct QuarantineRoutes: Sendable {
    /// How many entries a list may have, and has where nobody says.
    static let listBounds = 1...1_000
    static let standardListLength = 100

    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.onProject("quarantine", [.get]) { request, _, access in
            let limit = try Self.limit(of: request)
            let reports = try await store.quarantine(of: access.project, limit: limit)
            return try .json(QuarantineAnswer(reports))
        }
        routes.onProject("quarantine/{report_id}", [.get]) { _, context, access in
            let id = context.parameters.get("report_id") ?? ""
            guard let report = try await store.quarantinedReport(id, of: access.project) else {
                throw APIError(.notFound, .text("Report not found"))
            }
            guard !report.isEmpty else { throw APIError(.notFound, .text("the report was too large to be kept")) }
            return Self.file(report, name: id)
        }
        routes.onProject("set-aside", [.get]) { request, _, access in
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
                .contentType: "application/xml",
                .contentDisposition: #"attachment; filename="report-\#(name).xml""#,
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: report))
        )
    }
}
