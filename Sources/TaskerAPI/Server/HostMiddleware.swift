import HTTPTypes
import Hummingbird

/// Refuses requests whose `Host` is none of ours, against DNS rebinding. Probes may come by address.
struct HostMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// Names in lower case; `*.example.org` stands for every name under it.
    let allowed: [String]

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let isProbe = HealthRoutes.paths.contains(request.uri.path)
        guard isProbe || isAllowed(request.head.authority ?? "") else {
            throw APIError(.badRequest, .text("Invalid host header"))
        }
        return try await next(request, context)
    }

    func isAllowed(_ authority: String) -> Bool {
        let name = Self.name(in: authority)
        return allowed.contains { pattern in
            pattern.hasPrefix("*.") ? name.hasSuffix(pattern.dropFirst()) : name == pattern
        }
    }

    /// The host without its port; an IPv6 address without its brackets.
    private static func name(in authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return authority[..<end].dropFirst().lowercased()
        }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}
