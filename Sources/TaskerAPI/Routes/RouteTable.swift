import HTTPTypes
import Hummingbird

/// The routes, as they are registered with Hummingbird, and what the document says of them.
final class RouteTable {
    typealias Handler = @Sendable (Request, APIContext) async throws -> Response
    typealias ProjectHandler = @Sendable (Request, APIContext, ProjectAccess) async throws -> Response

    let router: Router<APIContext>
    let gatekeeper: Gatekeeper
    /// What was registered.
    private(set) var operations: [Operation] = []

    /// The methods that every path answers, by its route or with 405.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]

    init(router: Router<APIContext>, gatekeeper: Gatekeeper) {
        self.router = router
        self.gatekeeper = gatekeeper
    }

    /// Serves an operation outside projects; the handler runs only for callers who may use it.
    func on(_ operation: Operation, use handler: @escaping Handler) {
        switch operation.access {
        case .open: register(operation, handler)
        case .anyCaller:
            register(operation) { [gatekeeper] request, context in
                try await gatekeeper.anyCaller(of: request, context)
                return try await handler(request, context)
            }
        case .project: preconditionFailure("\(operation.id) is a project's")
        }
    }

    /// Serves an operation of a project; the handler runs only for callers who may work in it.
    func onProject(_ operation: Operation, use handler: @escaping ProjectHandler) {
        guard case .project(let leniency) = operation.access else {
            preconditionFailure("\(operation.id) is not a project's")
        }
        register(operation) { [gatekeeper] request, context in
            let access = try await gatekeeper.project(of: request, context, leniency: leniency)
            return try await handler(request, context, access)
        }
    }

    /// Serves a path by its methods, and answers others with 405.
    private func register(_ operation: Operation, _ handler: @escaping Handler) {
        operations.append(operation)
        let path = RouterPath(operation.path)
        for method in Self.methods {
            if operation.methods.contains(method) {
                router.on(path, method: method, use: handler)
            } else {
                router.on(path, method: method) { _, _ -> Response in
                    throw APIError.methodNotAllowed(operation.methods)
                }
            }
        }
    }
}
