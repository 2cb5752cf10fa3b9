extension XMLReader {
    /// Steps over the XML declaration, the bare document type, and comments and instructions, up to the root element.
    mutating func skipProlog() throws(HostileXMLError) {
        try skipXMLDeclaration()
        try skipMiscellany()
        if skip("<!DOCTYPE") {
            try skipDocumentType()
            try skipMiscellany()
        }
        guard !isNext("<!") else { throw refusal(.declaration, "a declaration before the root element") }
    }

    /// Steps over comments and instructions after the root element, and demands the end.
    mutating func skipEpilog() throws(HostileXMLError) {
        try skipMiscellany()
        guard position == bytes.count else { throw refusal(.notWellFormed, "something after the root element") }
    }

    private mutating func skipXMLDeclaration() throws(HostileXMLError) {
        guard isNext("<?xml "), skip("<?xml") else { return }
        let encoding = try attributes().first { $0.name == "encoding" }?.value
        guard encoding == nil || encoding?.lowercased() == "utf-8" else {
            throw refusal(.encoding, "an encoding other than UTF-8")
        }
        try expect("?>")
    }

    /// `<!DOCTYPE nmaprun>` and no more. Neither an internal subset nor an external one is ever read, so there is no
    /// entity to declare, to resolve or to expand.
    private mutating func skipDocumentType() throws(HostileXMLError) {
        guard skipWhitespace() else { throw refusal(.notWellFormed, "a document type without a name") }
        _ = try name()
        _ = skipWhitespace()
        guard skip(">") else {
            throw refusal(.declaration, "a document type with a subset or an external identifier")
        }
    }

    private mutating func skipMiscellany() throws(HostileXMLError) {
        while true {
            if skipWhitespace() {
                continue
            } else if skip("<!--") {
                try skipComment()
            } else if skip("<?") {
                try skipProcessingInstruction()
            } else {
                return
            }
        }
    }

    /// Steps over a comment whose `<!--` has been read. Inside it two hyphens in a row may not stand.
    mutating func skipComment() throws(HostileXMLError) {
        try skip(through: "--")
        try expect(">")
    }

    /// Steps over a processing instruction whose `<?` has been read.
    mutating func skipProcessingInstruction() throws(HostileXMLError) {
        guard try name().lowercased() != "xml" else {
            throw refusal(.notWellFormed, "an XML declaration that is not at the start")
        }
        guard isNext("?>") || skipWhitespace() else {
            throw refusal(.notWellFormed, "a processing instruction without a proper name")
        }
        try skip(through: "?>")
    }
}
