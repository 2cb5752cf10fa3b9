import Hummingbird

/// For balancers and operators: `/health` as the original has it, `/livez`, `/readyz`. Without a token.
struct HealthRoutes: Sendable {
    /// These are asked all the time; the log has them at debug level.
    static let paths: Set = ["/health", "/livez", "/readyz"]

    let readiness: Readiness

    func register(in routes: RouteTable) {
        routes.on("/health", [.get]) { _, _ in try .json(["status": "ok"]) }
        routes.on("/livez", [.get]) { _, _ in try .json(["status": "alive"]) }
        routes.on("/readyz", [.get]) { _, _ in
            let report = await readiness.report()
            return try .json(report, status: report.isReady ? .ok : .serviceUnavailable)
        }
    }
}
