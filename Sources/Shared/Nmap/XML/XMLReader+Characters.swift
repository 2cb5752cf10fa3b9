extension XMLReader {
    /// Reads character data up to the next markup, references resolved and line ends made `\n`.
    mutating func readCharacterData(into text: inout [UInt8]) throws(HostileXMLError) {
        while let byte = next, byte != UInt8(ascii: "<") {
            if byte == UInt8(ascii: "&") {
                try readReference(into: &text)
            } else if byte == UInt8(ascii: "]"), isNext("]]>") {
                throw refusal(.notWellFormed, "\"]]>\" outside a CDATA section")
            } else {
                readCharacter(byte, into: &text)
            }
        }
        guard position < bytes.count else { throw refusal(.notWellFormed, "the document ends inside an element") }
    }

    /// Reads a CDATA section whose start has been read.
    mutating func readCDATA(into text: inout [UInt8]) throws(HostileXMLError) {
        while !skip("]]>") {
            guard let byte = next else { throw refusal(.notWellFormed, "the document ends inside a CDATA section") }
            readCharacter(byte, into: &text)
        }
    }

    private mutating func readCharacter(_ byte: UInt8, into text: inout [UInt8]) {
        position += 1
        if byte != UInt8(ascii: "\r") {
            text.append(byte)
        } else if next != UInt8(ascii: "\n") {
            text.append(UInt8(ascii: "\n"))
        }
    }

    /// Reads a quoted value, references resolved and white space normalised (XML 1.0, section 3.3.3).
    mutating func attributeValue() throws(HostileXMLError) -> String {
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw refusal(.notWellFormed, "a quoted value was expected")
        }
        position += 1
        var value: [UInt8] = []
        while let byte = next, byte != quote {
            switch byte {
            case UInt8(ascii: "&"):
                try readReference(into: &value)
            case UInt8(ascii: "<"):
                throw refusal(.notWellFormed, "\"<\" inside an attribute")
            case _ where byte.isXMLWhitespace:
                value.append(UInt8(ascii: " "))
                position += isNext("\r\n") ? 2 : 1
            default:
                value.append(byte)
                position += 1
            }
        }
        guard position < bytes.count else { throw refusal(.notWellFormed, "the document ends inside an attribute") }
        position += 1
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func readReference(into text: inout [UInt8]) throws(HostileXMLError) {
        if skip("&#x") {
            try readCharacterReference(radix: 16, into: &text)
        } else if skip("&#") {
            try readCharacterReference(radix: 10, into: &text)
        } else if skip("&amp;") {
            text.append(UInt8(ascii: "&"))
        } else if skip("&lt;") {
            text.append(UInt8(ascii: "<"))
        } else if skip("&gt;") {
            text.append(UInt8(ascii: ">"))
        } else if skip("&quot;") {
            text.append(UInt8(ascii: "\""))
        } else if skip("&apos;") {
            text.append(UInt8(ascii: "'"))
        } else {
            throw refusal(.notWellFormed, "a reference to an unknown entity")
        }
    }

    /// Reads the digits and the semicolon of a character reference.
    ///
    /// nmap writes any control byte it was sent as a reference, also those that XML 1.0 forbids. They become U+FFFD, so
    /// that a banner holding one cannot make the report on its own host unreadable.
    private mutating func readCharacterReference(radix: Int, into text: inout [UInt8]) throws(HostileXMLError) {
        let start = position
        var value = 0
        while position - start < 8, let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }),
            digit < radix
        {
            value = value * radix + digit
            position += 1
        }
        guard position > start, skip(";") else { throw refusal(.notWellFormed, "a broken character reference") }
        if value < 0x20, !UInt8(value).isXMLWhitespace {
            value = 0xFFFD
        }
        guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init), scalar.isLegalInXML else {
            throw refusal(.notWellFormed, "a reference to a character that does not exist")
        }
        text.append(contentsOf: UTF8.encode(scalar)!)
    }
}
