import Hummingbird

/// `GET /workers/ips`: the hosts that workers run on, and the addresses they scan from. For every known caller.
struct WorkerRoutes: Sendable {
    let store: any ScanKeeping

    func register(in routes: RouteTable) {
        routes.on("/workers/ips", [.get]) { [gatekeeper = routes.gatekeeper] request, context in
            try await gatekeeper.anyCaller(of: request, context)
            return try .json(WorkersAnswer(try await store.workers()))
        }
    }
}
