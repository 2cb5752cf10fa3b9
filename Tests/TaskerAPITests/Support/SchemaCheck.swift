import Foundation

@testable import TaskerAPI

/// Holds values against schemas, as far as the document's go. Members that a schema does not have are faults, also
/// where it permits them: an answer may say more one day, but the document is to have what it says today.
struct SchemaCheck {
    let document: JSONValue

    /// The places where a value is not what a schema says.
    func faults(of value: JSONValue, _ schema: JSONValue, at place: String = "$") -> [String] {
        if case .string(let reference) = schema["$ref"] {
            let target = reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
            return target == .null ? ["\(place): no \(reference)"] : faults(of: value, target, at: place)
        }
        if case .array(let alternatives) = schema["anyOf"] {
            return alternatives.contains { faults(of: value, $0).isEmpty } ? [] : ["\(place): none of anyOf"]
        }
        if schema.names.contains("const"), schema["const"] != value { return ["\(place): not the constant"] }
        if case .array(let values) = schema["enum"], !values.contains(value) { return ["\(place): not in enum"] }
        switch (schema["type"], value) {
        case (.null, _), ("null", .null), ("boolean", .bool), ("number", .integer), ("number", .number): return []
        case ("string", .string(let text)): return faults(of: text, schema, at: place)
        case ("integer", .integer(let number)):
            let isWithin = number >= schema["minimum"].integer ?? .min && number <= schema["maximum"].integer ?? .max
            return isWithin ? [] : ["\(place): \(number) is out of bounds"]
        case ("array", .array(let elements)):
            let bounds = (schema["minItems"].integer ?? 0)...(schema["maxItems"].integer ?? .max)
            return (bounds.contains(elements.count) ? [] : ["\(place): \(elements.count) elements"])
                + elements.enumerated().flatMap { faults(of: $1, schema["items"], at: "\(place)[\($0)]") }
        case ("object", .object(let members)): return faults(of: members, schema, at: place)
        default: return ["\(place): not of the type"]
        }
    }

    private func faults(of members: [String: JSONValue], _ schema: JSONValue, at place: String) -> [String] {
        var faults: [String] = []
        if case .array(let required) = schema["required"] {
            for case .string(let name) in required where members[name] == nil { faults.append("\(place): no \(name)") }
        }
        for (name, value) in members {
            let known = schema["properties"][name]
            if schema["properties"].names.contains(name) {
                faults += self.faults(of: value, known, at: "\(place).\(name)")
            } else if case .object = schema["additionalProperties"] {
                faults += self.faults(of: value, schema["additionalProperties"], at: "\(place).\(name)")
            } else {
                faults.append("\(place).\(name): not described")
            }
        }
        return faults
    }

    private func faults(of text: String, _ schema: JSONValue, at place: String) -> [String] {
        switch schema["format"] {
        case "uuid": UUID(uuidString: text) == nil ? ["\(place): no UUID"] : []
        case "date-time":
            (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)) == nil
                ? ["\(place): no time"] : []
        default: []
        }
    }
}
