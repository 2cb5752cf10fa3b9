import HTTPTypes
import Hummingbird

/// `GET /openapi.json`, the document of all routes, and `GET /docs`, the same for people. Registered last.
struct DocumentationRoutes: Sendable {
    func register(in routes: RouteTable) {
        let document = OpenAPIDocument(operations: routes.operations + [.document, .page])
        let bytes = Result { ByteBuffer(bytes: try document.bytes) }
        let page = ByteBuffer(string: DocumentationPage(document: document).html)
        routes.on(.document) { _, _ in
            let headers: HTTPFields = [.contentType: "application/json"]
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: try bytes.get()))
        }
        routes.on(.page) { _, _ in
            let headers: HTTPFields = [
                .contentType: DocumentationPage.contentType,
                .contentSecurityPolicy: DocumentationPage.contentSecurityPolicy,
                .xContentTypeOptions: "nosniff",
            ]
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: page))
        }
    }
}

extension Operation {
    fileprivate static let document = Operation(
        id: "openapi",
        subject: .service,
        methods: [.get],
        path: "/openapi.json",
        access: .open,
        summary: "This document",
        answers: [.ok(schema, "The document.")]
    )

    private static let schema = Schema.object([
        .required("openapi", .constant(OpenAPIDocument.version)), .required("info", .anything),
        .required("tags", .anything), .required("paths", .anything), .required("components", .anything),
    ])

    fileprivate static let page = Operation(
        id: "docs",
        subject: .service,
        methods: [.get],
        path: "/docs",
        access: .open,
        summary: "This document as a page for people",
        answers: [Answer(status: .ok, description: "The page.", contentType: DocumentationPage.contentType)]
    )
}
