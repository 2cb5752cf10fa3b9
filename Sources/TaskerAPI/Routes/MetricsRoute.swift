import HTTPTypes
import Health
import Hummingbird
import PrometheusMetrics

/// `GET /metrics` for Prometheus. Without a token, so balancers do not let it through.
struct MetricsRoute: Sendable {
    static let path = "/metrics"

    let registry: PrometheusRegistry
    let readiness: Readiness

    func register(in routes: RouteTable) {
        routes.on(.metrics) { _, _ in
            for (name, state) in await readiness.report().dependencies {
                APIMetrics.dependencyUp.set(state == .away ? 0 : 1, name)
            }
            APIMetrics.build.set(1, Version.text)
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusRegistry.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text()))
            )
        }
    }
}

extension Operation {
    fileprivate static let metrics = Operation(
        id: "metrics",
        subject: .service,
        methods: [.get],
        path: MetricsRoute.path,
        access: .open,
        summary: "What this replica has done, for Prometheus",
        description: "On a replica's own port only; the balancers that are shipped answer 404.",
        answers: [
            Answer(
                status: .ok,
                description: "The metrics in Prometheus' text format.",
                contentType: PrometheusRegistry.contentType
            )
        ]
    )
}
