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
            let query = QueryReader(request)
            let limit = query.integer("limit", in: Self.listBounds) ?? Self.defaultListLength
            try query.finish()
            let scans = try await store.scans(of: access.project, limit: limit)
            return try .json(ScanListAnswer(scans: scans.map(ScanAnswer.init(_:))))
        }
        routes.onProject("scans/{scan_id}", [.get]) { _, context, access in
            let progress = try await store.progress(of: try context.scanID(), in: access.project)
            guard let progress else { throw APIError.unknownScan }
            return try .json(ScanAnswer(progress))
        }
    }
}
