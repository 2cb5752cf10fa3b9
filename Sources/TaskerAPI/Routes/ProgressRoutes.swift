import HTTPTypes
import Hummingbird
import ScanModel

/// What a project's scans are doing: `status` for falcli, `scans` for the rest of us.
struct ProgressRoutes: Sendable {
    /// How many scans a list may have, and has where nobody says.
    static let listBounds = 1...1_000
    static let defaultListLength = 100

    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.onProject("status", [.get]) { _, _, access in
            try .json(StatusAnswer(try await store.status(of: access.project)))
        }
        routes.onProject("scans", [.get]) { request, _, access in
            let limit = try Self.limit(of: request)
            let scans = try await store.scans(of: access.project, limit: limit)
            return try .json(ScanListAnswer(scans: scans.map(ScanAnswer.init(_:))))
        }
        routes.onProject("scans/{scan_id}", [.get]) { _, context, access in
            let text = context.parameters.get("scan_id") ?? ""
            guard let id = ScanID(text) else { throw APIError.invalid([.badUUID(text, parameter: "scan_id")]) }
            guard let progress = try await store.progress(of: id, in: access.project) else {
                throw APIError(.notFound, .text("Scan not found"))
            }
            return try .json(ScanAnswer(progress))
        }
    }

    private static func limit(of request: Request) throws(APIError) -> Int {
        guard let text = request.uri.queryParameters["limit"] else { return defaultListLength }
        guard let limit = Int(text), listBounds.contains(limit) else {
            let message = "Input should be from \(listBounds.lowerBound) to \(listBounds.upperBound)"
            let input = JSONValue.string(String(text))
            throw .invalid([ValidationIssue("int_parsing", at: ["query", "limit"], message, input: input)])
        }
        return limit
    }
}
