import AddressSpace
import Hummingbird
import ScanModel
import ScanStore

/// Takes up, as a new scan, what came to nothing in an earlier one: `POST .../scans/{scan_id}/requeue` what it refused because
/// another scan covered it, `.../requeue-failed` what failed.
struct RequeueRoute: Sendable {
    let store: any ScanKeeping
    let intake: ScanIntake
    let limits: RequestLimits

    func register(in routes: RouteTable) {
        routes.onProject(.requeue) { request, context, access in
            let (key, scanRequest) = try await intake.reading {
                let id = try context.scanID()
                let key = try IdempotencyKey(request.headers)
                try RequeueRequestReader.check(try await request.body(upTo: limits.bodyBytes))
                return (key, try await refused(of: id, access))
            }
            return try await intake.accept(scanRequest, key: key, for: request, context, access)
        }
        routes.onProject(.requeueFailed) { request, context, access in
            let (key, scanRequest) = try await intake.reading {
                let id = try context.scanID()
                let key = try IdempotencyKey(request.headers)
                return (key, try await failed(of: id, access))
            }
            return try await intake.accept(scanRequest, key: key, for: request, context, access)
        }
    }

    private func refused(of id: ScanID, _ access: ProjectAccess) async throws -> ScanRequest {
        let layout = try await store.reportLayout(of: id, in: access.project)
        guard !layout.report.refusals.addresses(refusedAs: .alreadyInQueue).isEmpty else {
            throw APIError(.conflict, .text("nothing of this scan was refused as already in queue"))
        }
        return try await request(Requeue(.refused, of: id), access)
    }

    private func failed(of id: ScanID, _ access: ProjectAccess) async throws -> ScanRequest {
        guard let progress = try await store.progress(of: id, in: access.project) else { throw APIError.unknownScan }
        guard progress.counts.failed + progress.counts.donePartial > 0 else {
            throw APIError(.conflict, .text("no target of this scan has failed or was done in part"))
        }
        var request = try await request(Requeue(.failed, of: id), access)
        // ScanLedger knows the ports of what was done in part; mode insert would skip these hosts.
        if request.mode == .insert { request.mode = .update }
        return request
    }

    private func request(_ requeue: Requeue, _ access: ProjectAccess) async throws -> ScanRequest {
        guard var request = try await store.request(of: requeue.scan, in: access.project) else {
            throw APIError.unknownScan
        }
        request.requeues = requeue
        request.isDryRun = false
        return request
    }
}

extension Operation {
    private static let nothing = Answer.refused(
        .conflict,
        "There is nothing to requeue, there is no plan, or the Idempotency-Key came with another request before."
    )

    fileprivate static let requeue = Operation(
        id: "requeue",
        subject: .scans,
        methods: [.post],
        path: "/tasks/{project_id}/scans/{scan_id}/requeue",
        access: .project(.none),
        summary: "Submit what a scan refused as already in queue, as a new scan",
        parameters: [.idempotencyKey, .prefer],
        body: RequeueRequestReader.schema,
        answers: Answer.ofNewScan + [.timeOver, .tooLarge, nothing]
    )

    fileprivate static let requeueFailed = Operation(
        id: "requeue-failed",
        subject: .scans,
        methods: [.post],
        path: "/tasks/{project_id}/scans/{scan_id}/requeue-failed",
        access: .project(.none),
        summary: "Submit what failed, or was done in part, as a new scan",
        parameters: [.idempotencyKey, .prefer],
        answers: Answer.ofNewScan + [nothing]
    )
}
