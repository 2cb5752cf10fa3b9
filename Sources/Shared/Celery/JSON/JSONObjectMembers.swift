/// Where the members of a JSON object lie in its bytes, found without decoding their values.
///
/// A result holds its payload, up to many megabytes of it, as one member among small ones. Knowing where that member
/// begins and ends lets the small ones be decoded now and the payload once, by whoever knows its type. Only the outline
/// is checked here; a value's own syntax is checked when it is decoded. As in Python, the last of equal names counts.
struct JSONObjectMembers {
    private let bytes: [UInt8]
    private(set) var ranges: [String: Range<Int>] = [:]

    static let limit = 1_000

    init(of bytes: [UInt8]) throws(CeleryDecodingError) {
        self.bytes = bytes
        var scanner = JSONOutlineScanner(bytes)
        try scanner.expect("{")
        if try scanner.peek() == "}" {
            try scanner.expect("}")
        } else {
            var hasMore = true
            while hasMore {
                let name = try scanner.string()
                try scanner.expect(":")
                ranges[String(decoding: bytes[name].dropFirst().dropLast(), as: UTF8.self)] = try scanner.value()
                guard ranges.count <= Self.limit else {
                    throw CeleryDecodingError(.tooLarge, "an object with more than \(Self.limit) members")
                }
                hasMore = try scanner.peek() == ","
                try scanner.expect(hasMore ? "," : "}")
            }
        }
        try scanner.expectEnd()
    }

    /// The bytes of a member's value, or `nil` where there is no such member.
    subscript(name: String) -> ArraySlice<UInt8>? {
        ranges[name].map { bytes[$0] }
    }

    /// Decodes a member.
    func decode<Value: Decodable>(_ name: String, as type: Value.Type) throws(CeleryDecodingError) -> Value {
        guard let value = self[name] else {
            throw CeleryDecodingError(.malformed, "the field \"\(name)\" is missing")
        }
        return try CeleryJSON.decode(type, from: value)
    }

    /// A member that is a string. One that needs no decoding, having nothing escaped, is spared a decoder.
    func string(_ name: String) throws(CeleryDecodingError) -> String {
        if let value = self[name], value.count >= 2, value.first == UInt8(ascii: "\""), value.last == value.first,
            value.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\\") }),
            let text = String(validating: value.dropFirst().dropLast(), as: UTF8.self)
        {
            return text
        }
        return try decode(name, as: String.self)
    }

    /// Decodes a member, which may be missing or null.
    func decodeIfPresent<Value: Decodable>(
        _ name: String,
        as type: Value.Type
    ) throws(CeleryDecodingError) -> Value? {
        guard let value = self[name] else { return nil }
        return try CeleryJSON.decode(Value?.self, from: value)
    }
}

/// Walks over JSON tokens; keeps a position, never a stack, so that nesting costs nothing.
private struct JSONOutlineScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static let malformed = CeleryDecodingError(.malformed, "the body is not JSON of the expected outline")

    mutating func peek() throws(CeleryDecodingError) -> Unicode.Scalar {
        skipSpace()
        guard position < bytes.count else { throw Self.malformed }
        return Unicode.Scalar(bytes[position])
    }

    mutating func expect(_ scalar: Unicode.Scalar) throws(CeleryDecodingError) {
        guard try peek() == scalar else { throw Self.malformed }
        position += 1
    }

    mutating func expectEnd() throws(CeleryDecodingError) {
        skipSpace()
        guard position == bytes.count else { throw Self.malformed }
    }

    /// Passes a string, and gives its range with the quotes.
    mutating func string() throws(CeleryDecodingError) -> Range<Int> {
        try expect("\"")
        let start = position - 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"):
                position += 2
            case UInt8(ascii: "\""):
                position += 1
                return start..<position
            default:
                position += 1
            }
        }
        throw Self.malformed
    }

    /// Passes a value of any type, and gives its range.
    mutating func value() throws(CeleryDecodingError) -> Range<Int> {
        switch try peek() {
        case "\"": try string()
        case "{", "[": try container()
        default: try scalar()
        }
    }

    private mutating func container() throws(CeleryDecodingError) -> Range<Int> {
        let start = position
        var depth = 0
        repeat {
            switch try peek() {
            case "\"":
                _ = try string()
                continue
            case "{", "[": depth += 1
            case "}", "]": depth -= 1
            default: break
            }
            position += 1
        } while depth > 0
        return start..<position
    }

    private mutating func scalar() throws(CeleryDecodingError) -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.endsScalar(bytes[position]) { position += 1 }
        guard position > start else { throw Self.malformed }
        return start..<position
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
