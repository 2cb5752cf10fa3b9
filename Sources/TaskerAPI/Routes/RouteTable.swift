import HTTPTypes
import Hummingbird

/// The routes, as they are registered with Hummingbird.
struct RouteTable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response
    typealias ProjectHandler = @Sendable (Request, APIContext, ProjectAccess) async throws -> Response

    let router: Router<APIContext>
    let gatekeeper: Gatekeeper

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Serves a path by the given methods, and answers others with 405.
    func on(_ path: RouterPath, _ allowed: [HTTPRequest.Method], use handler: @escaping Handler) {
        for method in Self.methods {
            if allowed.contains(method) {
                router.on(path, method: method, use: handler)
            } else {
                router.on(path, method: method) { _, _ -> Response in throw APIError.methodNotAllowed(allowed) }
            }
        }
    }

    /// Serves a path under a project; the handler runs only for callers who may work in it.
    func onProject(
        _ path: String,
        _ allowed: [HTTPRequest.Method],
        leniency: AccessControl.Leniency = .none,
        use handler: @escaping ProjectHandler
    ) {
        on("/tasks/{project_id}/\(path)", allowed) { [gatekeeper] request, context in
            let access = try await gatekeeper.project(of: request, context, leniency: leniency)
            return try await handler(request, context, access)
        }
    }
}
