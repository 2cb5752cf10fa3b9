import Hummingbird
import Logging
import ScanModel
import ScanStore
import Telemetry

/// `POST /tasks/{project_id}/pause` and `/resume`, and the same for one scan: of a paused scan nothing is dispatched.
struct PauseRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        register("pause", .paused, .duringOutage, in: routes)
        register("resume", .running, .none, in: routes)
    }

    private func register(
        _ verb: String,
        _ pace: ScanStore.Pace,
        _ leniency: AccessControl.Leniency,
        in routes: RouteTable
    ) {
        routes.onProject(verb, [.post], leniency: leniency) { _, context, access in
            try await set(pace, scan: nil, context, access)
        }
        routes.onProject("scans/{scan_id}/\(verb)", [.post], leniency: leniency) { _, context, access in
            try await set(pace, scan: try context.scanID(), context, access)
        }
    }

    private func set(
        _ pace: ScanStore.Pace,
        scan: ScanID?,
        _ context: APIContext,
        _ access: ProjectAccess
    ) async throws -> Response {
        let scans = try await store.pace(pace, project: access.project, scan: scan)
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
