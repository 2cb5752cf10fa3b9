import Hummingbird
import PrometheusMetrics

/// Everything the routes work with.
struct API: Sendable {
    let store: any ScanKeeping
    let notifier: PlanNotifier
    let events: EventHub
    let gatekeeper: Gatekeeper
    let readiness: Readiness
    let limits: RequestLimits
    /// How long a scan's caller waits for the plan where it does not say.
    let planWait: Duration
    let library: ReportLibrary
    let admission = ReportAdmission()
    let proxies: TrustedProxies
    let limiter: RateLimiter
    let drain: Drain
    /// What `/metrics` shows.
    var registry = PrometheusRegistry(catalogue: APIMetrics.all)

    /// Answers requests by the routes.
    func makeResponder() -> MethodGate<RouterResponder<APIContext>> {
        MethodGate(next: makeRouter().buildResponder())
    }

    /// All routes.
    func makeRouter() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        router.add(middleware: RequestMiddleware(proxies: proxies, drain: drain))
        router.add(middleware: RateLimitMiddleware(limiter: limiter, gatekeeper: gatekeeper))
        register(in: RouteTable(router: router, gatekeeper: gatekeeper))
        return router
    }

    /// Registers all routes.
    func register(in routes: RouteTable) {
        let intake = ScanIntake(store: store, notifier: notifier, planWait: planWait)
        RunRoute(intake: intake, limits: limits).register(in: routes)
        RequeueRoute(store: store, intake: intake, limits: limits).register(in: routes)
        PauseRoutes(store: store).register(in: routes)
        StopRoute(store: store, notifier: notifier).register(in: routes)
        ProgressRoutes(store: store).register(in: routes)
        EventRoute(store: store, hub: events, gatekeeper: gatekeeper).register(in: routes)
        ReportRoutes(store: store, library: library, admission: admission).register(in: routes)
        QuarantineRoutes(store: store).register(in: routes)
        AuditRoute(store: store).register(in: routes)
        WorkerRoutes(store: store).register(in: routes)
        HealthRoutes(readiness: readiness).register(in: routes)
        DashboardRoutes().register(in: routes)
        MetricsRoute(registry: registry, readiness: readiness).register(in: routes)
        DocumentationRoutes().register(in: routes)
    }
}
