import Hummingbird
import PrometheusMetrics

/// Counts every request before anything is done for it: for its token where that is known to be good, else for its address,
/// so that whoever tries tokens out is slowed down whatever they try. Health routes are free.
struct RateLimitMiddleware: RouterMiddleware {
    let limiter: RateLimiter
    let gatekeeper: Gatekeeper

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if !HealthRoutes.paths.contains(context.endpointPath ?? "") {
            let caller = await gatekeeper.knownCaller(of: request)
            do throws(APIError) {
                if let caller { try limiter.admit(caller) } else { try limiter.admit(context.client) }
            } catch {
                let subject: APIMetrics.RateSubject = caller == nil ? .address : .token
                APIMetrics.rateLimited.count(1, subject.rawValue)
                throw error
            }
        }
        return try await next(request, context)
    }
}
