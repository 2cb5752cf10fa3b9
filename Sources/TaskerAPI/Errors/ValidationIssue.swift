/// One thing wrong with a request, in the form of the original: `{type, loc, msg, input}`.
struct ValidationIssue: Encodable, Hashable, Sendable {
    /// A step on the way to the place.
    enum Step: Hashable, Sendable {
        case name(String)
        case index(Int)
    }

    /// What kind of fault it is, in pydantic's words.
    let type: String
    /// The place, from the outside in.
    let loc: [Step]
    /// The fault in words.
    let msg: String
    /// What stands at the place.
    let input: JSONValue

    init(_ type: String, at location: [Step], _ message: String, input: JSONValue = .null) {
        self.type = type
        loc = location
        msg = message
        self.input = input.excerpt
    }
}

extension ValidationIssue.Step: ExpressibleByStringLiteral {
    init(stringLiteral value: String) {
        self = .name(value)
    }
}

extension ValidationIssue.Step: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .name(let name): try container.encode(name)
        case .index(let index): try container.encode(index)
        }
    }
}
