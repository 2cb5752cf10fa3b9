import Hummingbird
import ScanStore

/// `GET /tasks/{project_id}/audit`: who did what in a project.
struct AuditRoute: Sendable {
    /// How many entries a page may have, and has where nobody says.
    static let limitBounds = 1...1_000
    static let standardLimit = 100

    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.onProject(.audit) { request, _, access in
            let query = QueryReader(request)
            let limit = query.integer("limit", in: Self.limitBounds) ?? Self.standardLimit
            let after = query.position("after")
            try query.finish()
            let entries = try await store.audit(of: access.project, limit: limit + 1, after: after)
            return try .json(AuditAnswer(entries, limit: limit))
        }
    }
}

extension Operation {
    fileprivate static let audit = Operation(
        id: "audit",
        subject: .scans,
        methods: [.get],
        path: "/tasks/{project_id}/audit",
        access: .project(.none),
        summary: "Who started, stopped, paused, resumed and requeued what, when, and from where",
        parameters: [
            Parameter(
                name: "limit",
                place: .query,
                schema: .integer(in: AuditRoute.limitBounds).defaulting(to: .integer(AuditRoute.standardLimit)),
                description: "How many at most."
            ),
            Parameter(
                name: "after",
                place: .query,
                schema: .string(pattern: "^[0-9]{1,19}-[0-9]{1,19}$"),
                description: "`next` of the page before."
            ),
        ],
        answers: [.ok(AuditAnswer.schema, "A page.")]
    )
}
