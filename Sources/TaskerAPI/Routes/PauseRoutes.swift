import Hummingbird
import Logging
import ScanModel
import ScanStore
import Telemetry

/// `POST /tasks/{project_id}/pause` and `/resume`, and the same for one scan: of a paused scan nothing is dispatched.
struct PauseRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        for pace in [ScanStore.Pace.paused, .running] {
            routes.onProject(.pace(pace)) { _, context, access in
                try await set(pace, scan: nil, context, access)
            }
            routes.onProject(.pace(pace, ofScan: true)) { _, context, access in
                try await set(pace, scan: try context.scanID(), context, access)
            }
        }
    }

    private func set(
        _ pace: ScanStore.Pace,
        scan: ScanID?,
        _ context: APIContext,
        _ access: ProjectAccess
    ) async throws -> Response {
        let scans = try await store.pace(pace, project: access.project, scan: scan, by: access.requester)
        if let scan, scans.isEmpty {
            guard try await store.progress(of: scan, in: access.project) != nil else { throw APIError.unknownScan }
        } else {
            context.logger.info(
                pace == .paused ? "Scans paused" : "Scans resumed",
                metadata: [
                    LogKey.project: "\(access.project)", LogKey.caller: "\(access.caller)",
                    LogKey.count: "\(scans.count)",
                ]
            )
        }
        return try .json(PaceAnswer(pace, scans: scans))
    }
}

extension Operation {
    fileprivate static func pace(_ pace: ScanStore.Pace, ofScan: Bool = false) -> Operation {
        let (verb, leniency, effect) =
            switch pace {
            case .paused: ("pause", AccessControl.Leniency.duringOutage, "Dispatch nothing more of")
            case .running: ("resume", .none, "Go on with")
            }
        return Operation(
            id: ofScan ? "\(verb)-scan" : verb,
            subject: .scans,
            methods: [.post],
            path: "/tasks/{project_id}/\(ofScan ? "scans/{scan_id}/" : "")\(verb)",
            access: .project(leniency),
            summary: "\(effect) \(ofScan ? "a scan" : "the project's scans")",
            answers: [.ok(PaceAnswer.schema, "The scans that it is about.")]
        )
    }
}
