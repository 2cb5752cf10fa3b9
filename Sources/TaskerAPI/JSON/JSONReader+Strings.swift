extension JSONReader {
    /// Reads a string from its opening to its closing quote.
    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var result = ""
        var start = position
        while true {
            switch peek {
            case UInt8(ascii: "\""):
                result += try run(from: start)
                position += 1
                return result
            case UInt8(ascii: "\\"):
                result += try run(from: start)
                position += 1
                result.unicodeScalars.append(try escape())
                start = position
            case nil: throw error("the text ends within a string")
            case .some(0x00...0x1F): throw error("a control character in a string has to be escaped")
            default: position += 1
            }
        }
    }

    /// What stands between quotes and escapes.
    private func run(from start: Int) throws(JSONSyntaxError) -> String {
        guard let text = text(start..<position) else {
            throw JSONSyntaxError(offset: start, message: "this string is not UTF-8")
        }
        return text
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = position - 1
        switch next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedScalar(from: start)
        default: throw JSONSyntaxError(offset: start, message: "there is no such escape")
        }
    }

    private mutating func escapedScalar(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), take("\\"), take("u") else {
            throw JSONSyntaxError(offset: start, message: "a surrogate has no partner")
        }
        let trail = try codeUnit()
        guard UTF16.isTrailSurrogate(trail) else {
            throw JSONSyntaxError(offset: start, message: "a surrogate has no partner")
        }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
