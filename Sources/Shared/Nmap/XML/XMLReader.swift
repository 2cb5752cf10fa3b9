/// Reads a document into a tree, one pass over its bytes, and refuses what could harm.
///
/// Why not FoundationXML's `XMLParser`, tried with Swift 6.3 on Linux against the reports that workers could send:
/// - it traps on bytes that are not UTF-8 in a name or a comment, which ends the process;
/// - it tells its delegate of no document type and of no entity declaration, and has resolved the entities in an
///   attribute by the time it reports the element;
/// - it looks for repeated attributes in quadratic time (160,000 in one tag: 5 s), and nothing can stop it meanwhile;
/// - it recovers: a document cut off between two elements parses with success;
/// - it refuses a document of more than 10 MB when it has it in one piece.
///
/// The grammar is XML 1.0 without what nmap never uses: no declarations but the bare `<!DOCTYPE nmaprun>`, hence no
/// entities beyond the predefined five; no namespaces; ASCII names; UTF-8.
struct XMLReader {
    let bytes: [UInt8]
    let limits: XMLLimits
    var position = 0
    private var nodesLeft: Int

    /// The root element of `bytes`, which must hold a whole document and nothing else.
    static func document(_ bytes: [UInt8], limits: XMLLimits = .report) throws(HostileXMLError) -> XMLNode {
        guard bytes.count <= limits.bytes else {
            throw HostileXMLError(code: .tooLarge, message: "the document is larger than \(limits.bytes) bytes")
        }
        guard bytes.isLegalXMLText else {
            throw HostileXMLError(code: .encoding, message: "the document is not UTF-8 text as XML allows it")
        }
        var reader = XMLReader(bytes: bytes, limits: limits)
        try reader.skipProlog()
        let root = try reader.element(depth: 1)
        try reader.skipEpilog()
        return root
    }

    private init(bytes: [UInt8], limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
        nodesLeft = limits.nodes
    }

    private mutating func element(depth: Int) throws(HostileXMLError) -> XMLNode {
        guard depth <= limits.depth else { throw refusal(.tooDeep, "more than \(limits.depth) elements deep") }
        try expect("<")
        var node = XMLNode(try name())
        node.attributes = try attributes()
        nodesLeft -= 1 + node.attributes.count
        guard nodesLeft >= 0 else { throw refusal(.tooManyNodes, "more than \(limits.nodes) nodes") }
        if skip("/>") {
            return node
        }
        try expect(">")
        try readContent(into: &node, depth: depth)
        guard try name() == node.name else { throw refusal(.notWellFormed, "an end tag of another element") }
        _ = skipWhitespace()
        try expect(">")
        return node
    }

    /// Reads up to the end tag, and over its `</`.
    private mutating func readContent(into node: inout XMLNode, depth: Int) throws(HostileXMLError) {
        var text: [UInt8] = []
        while true {
            try readCharacterData(into: &text)
            if skip("</") {
                break
            } else if skip("<!--") {
                try skipComment()
            } else if skip("<![CDATA[") {
                try readCDATA(into: &text)
            } else if skip("<?") {
                try skipProcessingInstruction()
            } else if isNext("<!") {
                throw refusal(.declaration, "a declaration inside an element")
            } else {
                node.children.append(try element(depth: depth + 1))
            }
        }
        if node.children.isEmpty || !text.allSatisfy(\.isXMLWhitespace) {
            node.text = String(decoding: text, as: UTF8.self)
        }
    }

    /// Reads the attributes of a start tag, up to its `>` or `/>`.
    mutating func attributes() throws(HostileXMLError) -> [XMLNode.Attribute] {
        var attributes: [XMLNode.Attribute] = []
        while skipWhitespace(), let byte = next, byte.isXMLNameStart {
            guard attributes.count < limits.attributesPerElement else {
                throw refusal(.tooManyNodes, "an element with too many attributes")
            }
            let name = try name()
            // A default namespace would rename every element below it for a reader that knows namespaces.
            guard name != "xmlns", !attributes.contains(where: { $0.name == name }) else {
                throw refusal(.notWellFormed, "a repeated or forbidden attribute")
            }
            _ = skipWhitespace()
            try expect("=")
            _ = skipWhitespace()
            attributes.append(XMLNode.Attribute(name: name, value: try attributeValue()))
        }
        return attributes
    }

    mutating func name() throws(HostileXMLError) -> String {
        let start = position
        guard let byte = next, byte.isXMLNameStart else { throw refusal(.notWellFormed, "a name was expected") }
        while let byte = next, byte.isXMLName {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
