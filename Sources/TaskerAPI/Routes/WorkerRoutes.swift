import Hummingbird

/// `GET /workers/ips`: the hosts that workers run on, and the addresses they scan from. For every known caller.
struct WorkerRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.on(.workerAddresses) { _, _ in try .json(WorkersAnswer(try await store.workers())) }
    }
}

extension Operation {
    fileprivate static let workerAddresses = Operation(
        id: "worker-addresses",
        subject: .workers,
        methods: [.get],
        path: "/workers/ips",
        access: .anyCaller,
        summary: "The workers seen in the last 90 s, and the addresses they scan from",
        answers: [.ok(WorkersAnswer.schema, "The workers.")]
    )
}
