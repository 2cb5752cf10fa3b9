import Hummingbird

/// Everything the routes work with.
struct API: Sendable {
    let store: any ScanKeeping
    let notifier: PlanNotifier
    let gatekeeper: Gatekeeper
    let readiness: Readiness
    let limits: RequestLimits
    /// How long run-nmap waits for the plan where the caller does not say.
    let planWait: Duration

    /// All routes.
    func makeRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMiddleware())
        let routes = RouteTable(router: router, gatekeeper: gatekeeper)
        RunRoute(store: store, notifier: notifier, limits: limits, planWait: planWait).register(in: routes)
        StopRoute(store: store, notifier: notifier).register(in: routes)
        ProgressRoutes(store: store).register(in: routes)
        WorkerRoutes(store: store).register(in: routes)
        HealthRoutes(readiness: readiness).register(in: routes)
        return router
    }
}
