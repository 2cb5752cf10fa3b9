import HTTPTypes
import Hummingbird

/// Lets routes answer every method, also those that nobody has heard of: such a request is taken for a TRACE, which no
/// route serves, so that it is a 405 where the path is known and a 404 elsewhere.
struct MethodGate<Next: HTTPResponder>: HTTPResponder where Next.Context == APIContext {
    let next: Next

    func respond(to request: Request, context: APIContext) async throws -> Response {
        guard !RouteTable.methods.contains(request.method) else {
            return try await next.respond(to: request, context: context)
        }
        var head = request.head
        head.method = .trace
        return try await next.respond(to: Request(head: head, body: request.body), context: context)
    }
}
