import HTTPTypes
import Hummingbird

@testable import TaskerAPI

/// The document of an API, to hold answers against.
struct APIDescription {
    let document: JSONValue
    /// What was registered, by the table that registers it.
    let operations: [Operation]

    init(_ api: API) {
        let table = RouteTable(router: Router(context: APIContext.self), gatekeeper: api.gatekeeper)
        api.register(in: table)
        operations = table.operations
        document = OpenAPIDocument(operations: operations).json
    }

    /// What of an answer the document does not have. Answers to paths and methods that it does not have are free.
    func faults(of answer: APIFixture.Answer, to method: HTTPRequest.Method, _ path: String) -> [String] {
        guard let operation = operation(method, path) else { return [] }
        let described = operation["responses"]["\(answer.status)"]
        guard described != .null else { return ["status \(answer.status)"] }
        let missing = described["headers"].names.filter { name in
            HTTPField.Name(name).map { answer.headers[$0] == nil } ?? true
        }
        let type = answer.headers[.contentType] ?? ""
        guard described["content"].names.contains(type) else { return missing + ["content type \(type)"] }
        return missing + SchemaCheck(document: document).faults(of: answer.body, described["content"][type]["schema"])
    }

    private func operation(_ method: HTTPRequest.Method, _ path: String) -> JSONValue? {
        let steps = Self.steps(of: path.prefix { $0 != "?" })
        let match = document["paths"].names.first { template in
            let names = Self.steps(of: template[...])
            return names.count == steps.count && zip(names, steps).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        let operation = match.map { document["paths"][$0][method.rawValue.lowercased()] }
        return operation == .null ? nil : operation
    }

    private static func steps(of path: Substring) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
