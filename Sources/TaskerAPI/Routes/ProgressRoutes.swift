import Hummingbird
import ScanModel

/// What a project's scans are doing: `status` for falcli, `scans` for the rest of us.
struct ProgressRoutes: Sendable {
    /// How many scans a list may have, and has where nobody says.
    static let listBounds = 1...1_000
    static let defaultListLength = 100

    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        let statuses = SharedReads { [store] (project: ProjectID) in
            try ByteBuffer.json(StatusAnswer(try await store.status(of: project)))
        }
        routes.onProject(.status) { _, _, access in
            Response.json(encoded: try await statuses.value(of: access.project))
        }
        routes.onProject(.scans) { request, _, access in
            let query = QueryReader(request)
            let limit = query.integer("limit", in: Self.listBounds) ?? Self.defaultListLength
            try query.finish()
            let scans = try await store.scans(of: access.project, limit: limit)
            return try .json(ScanListAnswer(scans: scans.map(ScanAnswer.init(_:))))
        }
        routes.onProject(.scan) { _, context, access in
            let progress = try await store.progress(of: try context.scanID(), in: access.project)
            guard let progress else { throw APIError.unknownScan }
            return try .json(ScanAnswer(progress))
        }
    }
}

extension Operation {
    fileprivate static let status = Operation(
        id: "status",
        subject: .scans,
        methods: [.get],
        path: "/tasks/{project_id}/status",
        access: .project(.none),
        summary: "How many targets are left, and what workers are busy with",
        answers: [.ok(StatusAnswer.schema, "The status.")]
    )

    fileprivate static let scans = Operation(
        id: "scans",
        subject: .scans,
        methods: [.get],
        path: "/tasks/{project_id}/scans",
        access: .project(.none),
        summary: "The project's scans, latest first",
        parameters: [
            Parameter(
                name: "limit",
                place: .query,
                schema: .integer(in: ProgressRoutes.listBounds)
                    .defaulting(to: .integer(ProgressRoutes.defaultListLength)),
                description: "How many at most."
            )
        ],
        answers: [.ok(ScanListAnswer.schema, "The scans.")]
    )

    fileprivate static let scan = Operation(
        id: "scan",
        subject: .scans,
        methods: [.get],
        path: "/tasks/{project_id}/scans/{scan_id}",
        access: .project(.none),
        summary: "A scan's progress by phase, outcomes, refusals",
        answers: [.ok(ScanAnswer.schema, "The progress.")]
    )
}
