import Health
import Hummingbird

/// For balancers and operators: `/health` as the original has it, `/livez`, `/readyz`. Without a token.
struct HealthRoutes: Sendable {
    /// These, and the metrics, are asked all the time: the log has them at debug level, and no rate limits them.
    static let paths: Set = ["/health", "/livez", "/readyz", MetricsRoute.path]

    let readiness: Readiness

    func register(in routes: RouteTable) {
        routes.on(.health("health", says: "ok", "That the service is there, as the original says it")) { _, _ in
            try .json(["status": "ok"])
        }
        routes.on(.health("livez", says: "alive", "That this replica runs")) { _, _ in
            try .json(["status": "alive"])
        }
        routes.on(.readiness) { _, _ in
            let report = await readiness.report()
            return try .json(report, status: report.isReady ? .ok : .serviceUnavailable)
        }
    }
}

extension Operation {
    fileprivate static func health(_ name: String, says word: String, _ summary: String) -> Operation {
        Operation(
            id: name,
            subject: .service,
            methods: [.get],
            path: "/\(name)",
            access: .open,
            summary: summary,
            answers: [.ok(.object([.required("status", .constant(.string(word)))]), "It is.")]
        )
    }

    fileprivate static let readiness = Operation(
        id: "readyz",
        subject: .service,
        methods: [.get],
        path: "/readyz",
        access: .open,
        summary: "Whether this replica can do its work, and what is away",
        answers: [
            .ok(ReadinessReport.schema, "It can; `degraded` where ScanLedger is away."),
            Answer(status: .serviceUnavailable, description: "It cannot.", schema: ReadinessReport.schema),
        ]
    )
}

extension ReadinessReport {
    fileprivate static let schema = Schema.object([
        .required("status", .choice(["ready", "degraded", "unready"])),
        .optional("detail", .string()),
        .optional("installation", .string(), "Whose data Redis holds."),
        .required("dependencies", .map(of: .choice(["ok", "away"]))),
        .required("warnings", .array(of: .string()), "What works, but not as it should."),
    ]).named("Readiness")
}
