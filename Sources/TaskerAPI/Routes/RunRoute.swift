import Hummingbird

/// `POST /tasks/{project_id}/run-nmap`: accepts a scan and waits for its plan.
struct RunRoute: Sendable {
    let intake: ScanIntake
    let limits: RequestLimits

    func register(in routes: RouteTable) {
        routes.onProject("run-nmap", [.post]) { request, context, access in
            let key = try IdempotencyKey(request.headers)
            let body = try await request.body(upTo: limits.bodyBytes)
            let scanRequest = try ScanRequestReader.read(body, limits: limits)
            return try await intake.accept(scanRequest, key: key, for: request, context, access)
        }
    }
}
