import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import TaskerAPI

@Suite("The OpenAPI document")
struct OpenAPITests {
    private let fixture = APIFixture()
    private var description: APIDescription { APIDescription(fixture.api) }

    /// The paths and methods of the document.
    private func documented(_ document: JSONValue) -> Set<String> {
        Set(document["paths"].names.flatMap { path in document["paths"][path].names.map { "\($0) \(path)" } })
    }

    @Test("every route that the router serves is in the document that it serves, and nothing else is")
    func completeness() async throws {
        let served = try await fixture.send(.get, "/openapi.json", token: nil)
        #expect(served.status == 200 && served.body["openapi"] == "3.1.0")
        var answering: Set<String> = []
        for route in fixture.api.makeRouter().routes {
            let path = route.path.description.replacing("{project_id}", with: "x").replacing("{scan_id}", with: "x")
            let response = try await fixture.respond(route.method, path)
            if response.status != .methodNotAllowed {
                answering.insert("\(route.method.rawValue.lowercased()) \(route.path)")
            }
        }
        #expect(documented(served.body) == answering)
        #expect(answering.count > 15)
    }

    @Test("every reference leads to a schema, and every operation has a name of its own")
    func references() throws {
        let document = description.document
        let text = String(decoding: try document.bytes, as: UTF8.self)
        let names = Set(text.matches(of: /"#\\?\/components\\?\/schemas\\?\/(\w+)"/).map { String($0.1) })
        #expect(names == document["components"]["schemas"].names)
        let operations = description.operations.flatMap { operation in operation.methods.map(operation.name) }
        #expect(Set(operations).count == operations.count)
    }

    @Test("the request of the original is one that the document permits, and a misspelt one is not")
    func request() throws {
        let document = description.document
        let body = document["paths"]["/tasks/{project_id}/run-nmap"]["post"]["requestBody"]
        let schema = body["content"]["application/json"]["schema"]
        var request = try Fixture.value("run-nmap.request")
        let check = SchemaCheck(document: document)
        #expect(check.faults(of: request, schema) == [])
        request["exlude"] = []
        request["timeout"] = 0
        #expect(Set(check.faults(of: request, schema)) == ["$.exlude: not described", "$.timeout: 0 is out of bounds"])
    }

    @Test("the limits of a deployment are in the document")
    func limits() {
        let limits = RequestLimits(bodyBytes: 1, hosts: 7, targets: 1, rateCeiling: 50)
        let document = APIDescription(APIFixture(limits: limits).api).document
        let request = document["components"]["schemas"]["ScanRequest"]["properties"]
        #expect(request["hosts"]["maxItems"] == 7)
        #expect(request["service_opts"]["properties"]["max_rate"]["anyOf"][0]["maximum"] == 50)
    }

    @Test("a project's operations need a token that opens it, and answer for that")
    func security() {
        for operation in description.operations where operation.path.hasPrefix("/tasks/") {
            let answers = Set(operation.allAnswers.map(\.status.code))
            #expect(operation.pathParameters.first == "project_id" && answers.isSuperset(of: [401, 404, 422, 503]))
            guard case .project = operation.access else {
                Issue.record("\(operation.id) is open")
                continue
            }
        }
    }

    @Test("the page has every operation, no script, and nothing that its policy does not let through")
    func page() async throws {
        let response = try await fixture.respond(.get, "/docs", token: nil)
        let html = String(decoding: try await APIFixture.blocks(of: response).joined(), as: UTF8.self)
        for operation in description.operations {
            #expect(html.contains("<code>\(HTML.escape(operation.path))</code>"))
        }
        #expect(!html.contains("<script") && !html.contains(" style=") && !html.contains("src="))
        #expect(!html.contains(/https?:/))
        let style = try #require(html.firstMatch(of: /<style>((?s).*)<\/style>/)?.1)
        let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
        let policy = try #require(response.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-\(hash)';"))
    }

    @Test("what stands in the page cannot be taken for markup")
    func escaping() {
        #expect(HTML.text(#"<b> & "a" `x<y`"#) == "&lt;b&gt; &amp; &quot;a&quot; <code>x&lt;y</code>")
    }

    @Test("an answer that the document does not have is seen")
    func check() throws {
        let answer = APIFixture.Answer(
            status: 200,
            headers: [.contentType: "application/json"],
            body: ["active_or_queued": -1, "running": "0", "more": 1]
        )
        let path = "/tasks/\(APIFixture.project)/status"
        let faults = Set(description.faults(of: answer, to: .get, path))
        #expect(
            faults == [
                "$.active_or_queued: -1 is out of bounds", "$.running: not of the type", "$.more: not described",
                "$: no running_targets",
            ]
        )
        let teapot = APIFixture.Answer(status: 418, headers: [:], body: .null)
        #expect(description.faults(of: teapot, to: .get, path) == ["status 418"])
    }
}
