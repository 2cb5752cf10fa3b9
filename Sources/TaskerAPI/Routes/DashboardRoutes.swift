import HTTPTypes
import Hummingbird

/// `GET /ui`, the dashboard, and the files that it is made of. They hold nothing of anybody's: what the page shows, it
/// asks of the other routes, with the token of who sits before it.
struct DashboardRoutes: Sendable {
    /// The name of a file in the path.
    static let fileParameter = "file"

    func register(in routes: RouteTable) {
        let page = Self.answer(.page)
        let files = Dictionary(uniqueKeysWithValues: DashboardFile.parts.map { ($0, Self.answer($0)) })
        routes.on(.dashboard) { _, _ in page }
        routes.on(.dashboardFile) { _, context in
            let file = context.parameters.get(Self.fileParameter).flatMap(DashboardFile.init(rawValue:))
            guard let file, let answer = files[file] else { throw APIError(.notFound, .text("Not Found")) }
            return answer
        }
    }

    private static func answer(_ file: DashboardFile) -> Response {
        let headers: HTTPFields = [
            .contentType: file.contentType,
            .contentSecurityPolicy: contentSecurityPolicy,
            .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer",
            .crossOriginOpenerPolicy: "same-origin",
            .crossOriginResourcePolicy: "same-origin",
            // Files of two versions are never mixed.
            .cacheControl: "no-store",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    /// Own files alone, no markup made of text (`trusted-types`), requests to this origin alone, and nobody frames it.
    static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        require-trusted-types-for 'script'; trusted-types 'none'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
}

extension Operation {
    fileprivate static let dashboard = Operation(
        id: "ui",
        subject: .service,
        methods: [.get],
        path: "/ui",
        access: .open,
        summary: "The dashboard, for browsers",
        answers: [Answer(status: .ok, description: "The page.", contentType: DashboardFile.page.contentType)]
    )

    fileprivate static let dashboardFile = Operation(
        id: "ui-file",
        subject: .service,
        methods: [.get],
        path: "/ui/{\(DashboardRoutes.fileParameter)}",
        access: .open,
        summary: "A file of the dashboard",
        answers: [Answer(status: .ok, description: "The file.", contentType: "*/*"), .notFound]
    )
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
    fileprivate static let crossOriginOpenerPolicy = Self("Cross-Origin-Opener-Policy")!
}
