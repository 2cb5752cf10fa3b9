import Crypto
import Foundation
import HTTPTypes

/// The document as a page for people: no scripts, nothing from elsewhere.
struct DocumentationPage: Sendable {
    static let contentType = "text/html; charset=utf-8"

    let html: String

    init(document: OpenAPIDocument) {
        let operations = Operation.Subject.allCases.map { subject in
            let sections = document.operations.filter { $0.subject == subject }.map(Self.section)
            return "<h2>\(HTML.escape(subject.rawValue))</h2>\n" + sections.joined()
        }
        let schemas = document.components.sorted { $0.key < $1.key }.map { name, schema in
            "<h3 id=\"\(HTML.escape(name))\">\(HTML.escape(name))</h3>\n" + SchemaText.block(schema) + "\n"
        }
        html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Tasker API</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>Tasker API \(Version.text)</h1>
            <p>\(HTML.text(OpenAPIDocument.description))</p>
            <p>The same for programs: <a href="\(OpenAPIDocument.path)">\(OpenAPIDocument.path)</a> (OpenAPI 3.1).</p>
            \(operations.joined())
            <h2>Schemas</h2>
            \(schemas.joined())
            </body>
            </html>

            """
    }

    /// Lets the page's own style through, by its hash, and nothing else; no other page may frame it.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'sha256-\(Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString())'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
        body{color:#1a1a1a;background:#fff}
        code{font-family:ui-monospace,monospace;font-size:.9em}
        details{border:1px solid #ccc;border-radius:4px;margin:.5rem 0;padding:.5rem .8rem}
        summary{cursor:pointer}
        summary b{display:inline-block;min-width:6.5rem}
        table{border-collapse:collapse;margin:.3rem 0}
        td,th{border:1px solid #ddd;padding:.2rem .5rem;text-align:left;vertical-align:top}
        @media (prefers-color-scheme:dark){
        body{color:#ddd;background:#111}a{color:#8cf}td,th,details{border-color:#444}}
        """

    private static func section(_ operation: Operation) -> String {
        let methods = operation.methods.map(\.rawValue).joined(separator: ", ")
        var parts = [
            "<details id=\"\(HTML.escape(operation.id))\"><summary><b>\(methods)</b> "
                + "<code>\(HTML.escape(operation.path))</code> \(HTML.text(operation.summary))</summary>"
        ]
        if !operation.description.isEmpty { parts.append("<p>\(HTML.text(operation.description))</p>") }
        parts.append("<p>\(access(operation.access))</p>")
        if !operation.parameters.isEmpty {
            let rows = operation.parameters.map { parameter in
                [
                    "<code>\(HTML.escape(parameter.name))</code>", parameter.place.rawValue,
                    SchemaText.line(parameter.schema.json), HTML.text(parameter.description),
                ]
            }
            parts.append(HTML.table(["parameter", "in", "value", "meaning"], rows))
        }
        if let body = operation.body { parts.append("<p>Body:</p>" + SchemaText.block(body.json)) }
        let answers = operation.allAnswers.map { answer in
            [
                "\(answer.status.code)", HTML.text(answer.description),
                answer.schema.map { SchemaText.line($0.json) } ?? HTML.escape(answer.contentType),
                HTML.escape(answer.headers.map(\.rawName).joined(separator: ", ")),
            ]
        }
        parts.append(HTML.table(["status", "when", "body", "headers"], answers))
        return parts.joined(separator: "\n") + "\n</details>\n"
    }

    private static func access(_ access: Operation.Access) -> String {
        switch access {
        case .open: "Without a token."
        case .anyCaller: "With any token that ScanLedger knows."
        case .project: "With a token that opens the project."
        }
    }
}
