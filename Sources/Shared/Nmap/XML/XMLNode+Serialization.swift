extension XMLNode {
    /// The element as UTF-8 text, without XML declaration and without white space of its own.
    public func serialized() -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    func write(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: name.utf8)
        for attribute in attributes {
            output.append(UInt8(ascii: " "))
            output.append(contentsOf: attribute.name.utf8)
            output.append(contentsOf: "=\"".utf8)
            output.append(escaping: attribute.value)
            output.append(UInt8(ascii: "\""))
        }
        guard !children.isEmpty || !text.isEmpty else {
            output.append(contentsOf: "/>".utf8)
            return
        }
        output.append(UInt8(ascii: ">"))
        output.append(escaping: text)
        for child in children {
            child.write(to: &output)
        }
        output.append(contentsOf: "</".utf8)
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: ">"))
    }
}

extension [UInt8] {
    /// Appends `value` for use in an attribute or as character data.
    ///
    /// Tab and line ends become character references, because a parser would turn them into spaces in an attribute.
    /// What XML 1.0 cannot hold at all becomes U+FFFD.
    fileprivate mutating func append(escaping value: String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": append(contentsOf: "&amp;".utf8)
            case "<": append(contentsOf: "&lt;".utf8)
            case ">": append(contentsOf: "&gt;".utf8)
            case "\"": append(contentsOf: "&quot;".utf8)
            case "\t": append(contentsOf: "&#x9;".utf8)
            case "\n": append(contentsOf: "&#xa;".utf8)
            case "\r": append(contentsOf: "&#xd;".utf8)
            case _ where !scalar.isLegalInXML: append(contentsOf: "\u{FFFD}".utf8)
            default: append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }
}
