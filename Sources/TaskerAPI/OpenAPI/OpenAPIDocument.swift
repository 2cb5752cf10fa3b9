import Foundation
import HTTPTypes

/// The OpenAPI 3.1 document of a set of operations.
struct OpenAPIDocument: Sendable {
    let operations: [Operation]

    /// The version of OpenAPI that it is written in.
    static let version: JSONValue = "3.1.0"
    /// Where the document is served.
    static let path = "/openapi.json"

    /// What the service is, for programs and people.
    static let description = """
        Checks what is to be scanned, has it scanned by nmap on a fleet of workers, and brings the results to \
        ScanLedger. Tokens are ScanLedger's. Every answer has an `X-Request-ID`, the caller's own where it sent a sane \
        one; a method that a path does not know is answered with 405 and `Allow`.
        """

    /// The whole document.
    var json: JSONValue {
        [
            "openapi": Self.version,
            "info": [
                "title": "Tasker", "version": .string(Version.text), "description": .string(Self.description),
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "tags": .array(Operation.Subject.allCases.map { ["name": .string($0.rawValue)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(components),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    /// The whole document as it is served; the same every time.
    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(json))
        }
    }

    private var paths: [String: JSONValue] {
        Dictionary(grouping: operations, by: \.path).mapValues { operations in
            var item: [String: JSONValue] = [:]
            for operation in operations {
                for method in operation.methods {
                    item[method.rawValue.lowercased()] = json(operation, method)
                }
            }
            return .object(item)
        }
    }

    /// The named schemas.
    var components: [String: JSONValue] {
        let schemas = operations.flatMap { operation in
            operation.allAnswers.compactMap(\.schema) + operation.parameters.map(\.schema)
                + (operation.body.map { [$0] } ?? [])
        }
        return schemas.reduce(into: [:]) { $0.merge($1.components) { first, _ in first } }
    }

    private func json(_ operation: Operation, _ method: HTTPRequest.Method) -> JSONValue {
        let answers = operation.allAnswers.map { ("\($0.status.code)", json($0)) }
        var members: [String: JSONValue] = [
            "operationId": .string(operation.name(for: method)),
            "tags": [.string(operation.subject.rawValue)],
            "summary": .string(operation.summary),
            "responses": .object(Dictionary(uniqueKeysWithValues: answers)),
        ]
        if !operation.description.isEmpty { members["description"] = .string(operation.description) }
        if operation.access != .open { members["security"] = [["token": []]] }
        let parameters = operation.pathParameters.map(Self.pathParameter) + operation.parameters.map(Self.parameter)
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if let body = operation.body {
            members["requestBody"] = ["required": true, "content": ["application/json": ["schema": body.json]]]
        }
        return .object(members)
    }

    private func json(_ answer: Operation.Answer) -> JSONValue {
        let schema = answer.schema?.json ?? Schema.string().json
        var members: [String: JSONValue] = [
            "description": .string(answer.description),
            "content": .object([answer.contentType: ["schema": schema]]),
        ]
        if !answer.headers.isEmpty {
            let headers = answer.headers.map { ($0.rawName, JSONValue.requiredHeader) }
            members["headers"] = .object(Dictionary(uniqueKeysWithValues: headers))
        }
        if answer.namesScan { members["links"] = .object(linksToScan) }
        return .object(members)
    }

    /// From an answer that names a scan to everything that can be done with one.
    private var linksToScan: [String: JSONValue] {
        let targets = operations.filter { $0.pathParameters == ["project_id", "scan_id"] }
        let links = targets.flatMap { operation in
            operation.methods.map { method -> (String, JSONValue) in
                let name = operation.name(for: method)
                let parameters: JSONValue = [
                    "project_id": "$request.path.project_id", "scan_id": "$response.body#/scan_id",
                ]
                return (name, ["operationId": .string(name), "parameters": parameters])
            }
        }
        return Dictionary(uniqueKeysWithValues: links)
    }

    private static func pathParameter(_ name: String) -> JSONValue {
        let schema =
            switch name {
            case QuarantineRoutes.reportParameter: QuarantineAnswer.idSchema
            case DashboardRoutes.fileParameter: DashboardFile.schema
            default: Schema.uuid
            }
        return ["name": .string(name), "in": "path", "required": true, "schema": schema.json]
    }

    private static func parameter(_ parameter: Operation.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "description": .string(parameter.description), "schema": parameter.schema.json,
        ]
    }
}

extension Operation {
    /// The operation's name under one of its methods.
    func name(for method: HTTPRequest.Method) -> String {
        methods.count == 1 ? id : "\(id)-\(method.rawValue.lowercased())"
    }
}

extension JSONValue {
    fileprivate static let requiredHeader: JSONValue = ["required": true, "schema": Schema.string().json]
}
