/// Schemas in words, as HTML.
enum SchemaText {
    /// An object as a table of its members, anything else as a line.
    static func block(_ schema: JSONValue) -> String {
        guard case .object(let properties)? = schema.member("properties") else { return "<p>\(line(schema))</p>" }
        let required = (schema.member("required")?.elements ?? []).compactMap(\.text)
        let rows = properties.sorted { $0.key < $1.key }.map { name, member in
            [
                "<code>\(HTML.escape(name))</code>", required.contains(name) ? "always" : "",
                member.member("properties") == nil ? line(member) : block(member),
                HTML.text(member.member("description")?.text ?? ""),
            ]
        }
        let description = schema.member("description")?.text.map { "<p>\(HTML.text($0))</p>" } ?? ""
        return description + HTML.table(["member", "there", "value", "meaning"], rows)
    }

    /// What kind of value it is, and within which bounds.
    static func line(_ schema: JSONValue) -> String {
        if let reference = schema.member("$ref")?.text, let name = reference.split(separator: "/").last {
            return "<a href=\"#\(HTML.escape(String(name)))\">\(HTML.escape(String(name)))</a>"
        }
        if let alternatives = schema.member("anyOf")?.elements {
            return alternatives.map(line).joined(separator: " or ")
        }
        if let values = schema.member("enum")?.elements ?? schema.member("const").map({ [$0] }) {
            return values.map { "<code>\(HTML.escape($0.shown))</code>" }.joined(separator: ", ")
        }
        guard let type = schema.member("type")?.text else { return "anything" }
        let values = (schema.member("items") ?? schema.member("additionalProperties")).map { " of \(line($0))" } ?? ""
        let details = [
            "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "default",
        ]
        .compactMap { keyword in
            schema.member(keyword).map { "\(keyword) <code>\(HTML.escape($0.shown))</code>" }
        }
        return ([type + values] + details).joined(separator: ", ")
    }
}

extension JSONValue {
    fileprivate func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    fileprivate var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A scalar as people write it.
    fileprivate var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array, .object: "..."
        }
    }
}
