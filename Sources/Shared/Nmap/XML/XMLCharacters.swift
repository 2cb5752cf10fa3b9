extension Unicode.Scalar {
    /// Whether an XML 1.0 document may hold this character, even as a reference (production 2, `Char`).
    var isLegalInXML: Bool {
        switch value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}

extension UInt8 {
    var isXMLWhitespace: Bool {
        self == 0x20 || self == 0x9 || self == 0xA || self == 0xD
    }

    /// Letters and the underscore. nmap's names need no more, and without the colon there are no namespaces.
    var isXMLNameStart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    var isXMLName: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: isXMLNameStart
        }
    }
}

extension [UInt8] {
    /// Whether these bytes are UTF-8 and hold only characters that XML 1.0 allows.
    var isLegalXMLText: Bool {
        guard String(validating: self, as: UTF8.self) != nil else { return false }
        return withUnsafeBufferPointer { bytes in
            for index in bytes.indices {
                let byte = bytes[index]
                if byte < 0x20, !byte.isXMLWhitespace {
                    return false
                }
                // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
                if byte >= 0xBE, index >= 2, bytes[index - 1] == 0xBF, bytes[index - 2] == 0xEF {
                    return false
                }
            }
            return true
        }
    }
}
