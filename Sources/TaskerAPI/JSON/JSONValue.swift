/// A JSON value as it was sent, with integers told apart from other numbers and from booleans.
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The value as it may be shown to its author: a scalar, cut where it is long. What holds other values is left out.
    var excerpt: JSONValue {
        switch self {
        case .null, .bool, .integer, .number: self
        case .string(let text): .string(String(text.unicodeScalars.prefix(200)))
        case .array(let elements): elements.isEmpty ? self : .null
        case .object(let members): members.isEmpty ? self : .null
        }
    }

    /// The value of a number without a fraction, however it is written.
    var wholeNumber: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .null, .bool, .string, .array, .object: nil
        }
    }
}

extension JSONValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
