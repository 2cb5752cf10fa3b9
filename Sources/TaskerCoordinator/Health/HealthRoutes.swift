import Foundation
import Health
import Hummingbird

/// What orchestrators and operators ask a coordinator: `/livez`, `/readyz`. Without a token.
struct HealthRoutes: Sendable {
    let health: CoordinatorHealth

    func makeRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/livez") { _, _ in try liveness() }
        router.get("/readyz") { _, _ in try readiness() }
        return router
    }

    func liveness() throws -> Response {
        try Self.json(["status": "alive"])
    }

    func readiness() throws -> Response {
        let report = health.report()
        return try Self.json(report, status: report.isReady ? .ok : .serviceUnavailable)
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
