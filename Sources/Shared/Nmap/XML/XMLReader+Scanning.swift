extension XMLReader {
    /// The byte at the position, or `nil` at the end.
    var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    /// Whether the input goes on with `literal`.
    func isNext(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { literal in
            guard bytes.count - position >= literal.count else { return false }
            return literal.indices.allSatisfy { bytes[position + $0] == literal[$0] }
        }
    }

    /// Steps over `literal` if the input goes on with it.
    mutating func skip(_ literal: StaticString) -> Bool {
        guard isNext(literal) else { return false }
        position += literal.utf8CodeUnitCount
        return true
    }

    /// Steps over `literal`, which the grammar demands here.
    mutating func expect(_ literal: StaticString) throws(HostileXMLError) {
        guard skip(literal) else { throw refusal(.notWellFormed, "\"\(literal)\" was expected") }
    }

    /// Steps over white space; false if there was none.
    mutating func skipWhitespace() -> Bool {
        let start = position
        while let byte = next, byte.isXMLWhitespace {
            position += 1
        }
        return position > start
    }

    /// Steps over everything up to and including `terminator`.
    mutating func skip(through terminator: StaticString) throws(HostileXMLError) {
        while !isNext(terminator) {
            guard position < bytes.count else { throw refusal(.notWellFormed, "the document ends early") }
            position += 1
        }
        position += terminator.utf8CodeUnitCount
    }

    func refusal(_ code: HostileXMLError.Code, _ message: String) -> HostileXMLError {
        HostileXMLError(code: code, message: "\(message), at byte \(position)")
    }
}
