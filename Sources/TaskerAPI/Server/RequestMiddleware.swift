import AddressSpace
import Hummingbird
import Logging
import NIOHTTP1
import PrometheusMetrics
import Telemetry

/// Gives every request an id, the address of its client, one log line and its place in the metrics, and every error an
/// answer in JSON.
struct RequestMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let proxies: TrustedProxies
    let drain: Drain

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let id = RequestID(request.headers)
        let correlation = Correlation(request: id.description, trace: TraceContext(request.headers))
        var context = context
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: LogKey.request] = "\(id)"
        context.logger[metadataKey: LogKey.trace] = "\(correlation.trace.traceID)"
        context.correlation = correlation
        context.client = proxies.client(peer: context.peer, request.headers)
        APIMetrics.requestsInProgress.add(1)
        defer { APIMetrics.requestsInProgress.add(-1) }
        var response: Response
        do {
            response = try await Correlation.$current.withValue(correlation) { try await next(request, context) }
        } catch let error as HTTPParserError {
            // Not HTTP any more: the server answers and closes the connection.
            throw error
        } catch {
            response = try answer(to: error, context)
        }
        response.headers[.requestID] = id.description
        if drain.isUnderWay { response.headers[.connection] = "close" }
        let duration = context.start.duration(to: .now)
        log(request, response, context, took: duration)
        measure(request, response, context, took: duration)
        return response
    }

    private func answer(to error: any Error, _ context: APIContext) throws -> Response {
        if let explained = APIError(explaining: error) {
            context.logger.debug("Request refused", metadata: [LogKey.error: "\(error)"])
            return try explained.response()
        }
        context.logger.error("Request failed", metadata: [LogKey.error: "\(error)"])
        return try APIError(.internalServerError, .text("Internal Server Error")).response()
    }

    private func measure(_ request: Request, _ response: Response, _ context: APIContext, took duration: Duration) {
        // The router calls all that no route serves the same.
        let route = context.endpointPath ?? "NotFound"
        let method = request.method.rawValue
        APIMetrics.requests.count(1, route, method, "\(response.status.code / 100)xx")
        APIMetrics.requestDuration.record(duration, route, method)
    }

    private func log(_ request: Request, _ response: Response, _ context: APIContext, took duration: Duration) {
        let route = context.endpointPath ?? ""
        context.logger.log(
            level: HealthRoutes.paths.contains(route) ? .debug : .info,
            "Request answered",
            metadata: [
                LogKey.method: "\(request.method)",
                LogKey.path: "\(route)",
                LogKey.status: "\(response.status.code)",
                LogKey.duration: "\(duration)",
                LogKey.caller: "\(context.record.caller?.description ?? "-")",
                LogKey.client: "\(context.client?.description ?? "-")",
            ]
        )
    }
}
