/// Reads JSON as RFC 8259 has it, and is strict where a lenient reader would guess what to scan: a member given twice, an
/// unpaired surrogate, or bytes after the value are errors. Errors know their place, which Foundation's decoder keeps to
/// itself.
struct JSONReader {
    /// How deep values may be nested; a request needs three levels.
    static let maximumDepth = 32
    /// How many members an object may have; a request needs a dozen.
    static let maximumMembers = 1_000

    private let bytes: [UInt8]
    var position = 0
    private var depth = 0
    private var valuesLeft: Int

    private init(_ bytes: [UInt8], maximumValues: Int) {
        self.bytes = bytes
        valuesLeft = maximumValues
    }

    /// Reads exactly one value.
    ///
    /// - Parameter maximumValues: how many values there may be, those within others included. In memory each takes many
    ///   times what it takes in the text.
    static func read(_ bytes: [UInt8], maximumValues: Int = .max) throws(JSONSyntaxError) -> JSONValue {
        var reader = JSONReader(bytes, maximumValues: maximumValues)
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.peek == nil else { throw reader.error("nothing more is expected") }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        guard valuesLeft > 0 else { throw error("there are too many values") }
        valuesLeft -= 1
        switch peek {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONSyntaxError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONSyntaxError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case nil: throw error("the text ends where a value is expected")
        default: throw error("a value is expected")
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw error("values are nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            let start = position
            guard members.count < Self.maximumMembers else {
                throw error("an object has more than \(Self.maximumMembers) members")
            }
            guard peek == UInt8(ascii: "\"") else { throw error("a member's name in double quotes is expected") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw error("a colon is expected") }
            skipSpace()
            guard members.updateValue(try value(), forKey: name) == nil else {
                throw JSONSyntaxError(offset: start, message: "this member is there twice")
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("a comma or a closing brace is expected") }
            skipSpace()
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("a comma or a closing bracket is expected") }
            skipSpace()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw error("a value is expected") }
        position += word.utf8CodeUnitCount
        return value
    }
}

extension JSONReader {
    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        var isInteger = true
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONSyntaxError(offset: start, message: "the number is too large")
        }
        return .number(number)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        guard position > start else { throw error("a digit is expected") }
    }

    var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    func error(_ message: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: position, message: message)
    }

    mutating func next() -> UInt8? {
        defer { position += 1 }
        return peek
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    func text(_ range: Range<Int>) -> String? {
        String(validating: bytes[range], as: UTF8.self)
    }
}
