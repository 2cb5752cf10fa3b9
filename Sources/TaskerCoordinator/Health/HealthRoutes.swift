import Foundation
import Health
import Hummingbird
import PrometheusMetrics

/// What orchestrators, operators and Prometheus ask a coordinator: `/livez`, `/readyz`, `/metrics`. Without a token.
struct HealthRoutes: Sendable {
    let health: CoordinatorHealth
    let registry: PrometheusRegistry

    func makeRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/livez") { _, _ in try liveness() }
        router.get("/readyz") { _, _ in try readiness() }
        router.get("/metrics") { _, _ in metrics() }
        return router
    }

    func liveness() throws -> Response {
        try Self.json(["status": "alive"])
    }

    func readiness() throws -> Response {
        let report = health.report()
        return try Self.json(report, status: report.isReady ? .ok : .serviceUnavailable)
    }

    func metrics() -> Response {
        CoordinatorMetrics.show(health.report())
        return Response(
            status: .ok,
            headers: [.contentType: PrometheusRegistry.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text()))
        )
    }

    private static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = ByteBuffer(bytes: try encoder.encode(value))
        return Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: body)
        )
    }
}
