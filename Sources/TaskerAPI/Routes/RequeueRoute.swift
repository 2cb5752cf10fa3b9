import AddressSpace
import Hummingbird
import ScanModel
import ScanStore

/// `POST /tasks/{project_id}/scans/{scan_id}/requeue`: takes up, as a new scan, what a scan refused because another one
/// covered it.
struct RequeueRoute: Sendable {
    let store: any ScanKeeping
    let intake: ScanIntake
    let limits: RequestLimits

    func register(in routes: RouteTable) {
        routes.onProject("scans/{scan_id}/requeue", [.post]) { request, context, access in
            let id = try context.scanID()
            let key = try IdempotencyKey(request.headers)
            try RequeueRequestReader.check(try await request.body(upTo: limits.bodyBytes))
            let scanRequest = try await requeued(id, access)
            return try await intake.accept(scanRequest, key: key, for: request, context, access)
        }
    }

    private func requeued(_ id: ScanID, _ access: ProjectAccess) async throws -> ScanRequest {
        let layout = try await store.reportLayout(of: id, in: access.project)
        guard !layout.report.refusals.addresses(refusedAs: .alreadyInQueue).isEmpty else {
            throw APIError(.conflict, .text("nothing of this scan was refused as already in queue"))
        }
        guard var request = try await store.request(of: id, in: access.project) else { throw APIError.unknownScan }
        request.requeues = id
        request.isDryRun = false
        return request
    }
}
