/// A JSON Schema in the dialect of OpenAPI 3.1 (draft 2020-12), together with the named schemas that it refers to.
struct Schema: Hashable, Sendable {
    /// A member of an object.
    struct Member: Hashable, Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
    }

    /// The keywords.
    private(set) var keywords: [String: JSONValue]
    /// The schemas that stand under `components`, by name.
    private(set) var components: [String: JSONValue]

    private init(_ keywords: [String: JSONValue], using parts: [Schema] = []) {
        self.keywords = keywords
        components = parts.reduce(into: [:]) { $0.merge($1.components) { first, _ in first } }
    }

    /// The schema as it stands in the document.
    var json: JSONValue { .object(keywords) }

    /// The names of the members of an object.
    var memberNames: [String] {
        guard case .object(let members)? = keywords["properties"] else { preconditionFailure("not an object") }
        return members.keys.sorted()
    }
}

extension Schema.Member {
    /// A member that is always there.
    static func required(_ name: String, _ schema: Schema, _ description: String? = nil) -> Self {
        Self(name: name, schema: description.map(schema.described) ?? schema, isRequired: true)
    }

    /// A member that need not be there.
    static func optional(_ name: String, _ schema: Schema, _ description: String? = nil) -> Self {
        Self(name: name, schema: description.map(schema.described) ?? schema, isRequired: false)
    }
}

extension Schema {
    static let boolean = Schema(["type": .string("boolean")])
    static let uuid = string(format: "uuid")
    static let time = string(format: "date-time")
    /// How many there are of something.
    static let count = Schema(["type": .string("integer"), "minimum": .integer(0)])
    static let number = Schema(["type": .string("number")])
    /// Any value.
    static let anything = Schema([:])
    static let null = Schema(["type": .string("null")])

    static func string(format: String? = nil, pattern: String? = nil, length: ClosedRange<Int>? = nil) -> Schema {
        var keywords: [String: JSONValue] = ["type": .string("string")]
        keywords["format"] = format.map { .string($0) }
        keywords["pattern"] = pattern.map { .string($0) }
        keywords["minLength"] = length.map { .integer($0.lowerBound) }
        keywords["maxLength"] = length.map { .integer($0.upperBound) }
        return Schema(keywords)
    }

    static func integer(in bounds: ClosedRange<Int>) -> Schema {
        Schema([
            "type": .string("integer"), "minimum": .integer(bounds.lowerBound), "maximum": .integer(bounds.upperBound),
        ])
    }

    /// One of these texts.
    static func choice(_ values: [String]) -> Schema {
        Schema(["type": .string("string"), "enum": .array(values.map { .string($0) })])
    }

    /// One of the values of a type.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) -> Schema {
        choice(type.allCases.map(\.rawValue))
    }

    /// This value and no other.
    static func constant(_ value: JSONValue) -> Schema {
        Schema(["const": value])
    }

    static func array(of element: Schema, count: ClosedRange<Int>? = nil) -> Schema {
        var keywords: [String: JSONValue] = ["type": .string("array"), "items": element.json]
        keywords["minItems"] = count.map { .integer($0.lowerBound) }
        keywords["maxItems"] = count.map { .integer($0.upperBound) }
        return Schema(keywords, using: [element])
    }

    /// An object whose members have any names, and values of one kind.
    static func map(of value: Schema) -> Schema {
        Schema(["type": .string("object"), "additionalProperties": value.json], using: [value])
    }

    /// An object.
    ///
    /// - Parameter isClosed: whether members that are not listed are refused. Answers are open, so that later versions
    ///   may say more.
    static func object(_ members: [Member], isClosed: Bool = false) -> Schema {
        let properties = members.map { ($0.name, $0.schema.json) }
        var keywords: [String: JSONValue] = [
            "type": .string("object"), "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
        ]
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { keywords["required"] = .array(required) }
        if isClosed { keywords["additionalProperties"] = .bool(false) }
        return Schema(keywords, using: members.map(\.schema))
    }

    /// What any of these schemas takes.
    static func any(of schemas: [Schema]) -> Schema {
        Schema(["anyOf": .array(schemas.map(\.json))], using: schemas)
    }

    /// The same, or null.
    var orNull: Schema { .any(of: [self, .null]) }

    /// A reference to a schema that stands under `components` by its name.
    func named(_ name: String) -> Schema {
        var reference = Schema(["$ref": .string("#/components/schemas/\(name)")], using: [self])
        reference.components[name] = json
        return reference
    }

    /// The same with words on what it means.
    func described(_ description: String) -> Schema {
        with("description", .string(description))
    }

    /// The same with the value that counts where there is none.
    func defaulting(to value: JSONValue) -> Schema {
        with("default", value)
    }

    /// The same with an example.
    func example(_ value: JSONValue) -> Schema {
        with("examples", .array([value]))
    }

    private func with(_ keyword: String, _ value: JSONValue) -> Schema {
        var schema = self
        schema.keywords[keyword] = value
        return schema
    }
}
