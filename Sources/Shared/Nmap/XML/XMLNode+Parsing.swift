extension XMLNode {
    /// Reads the root element of a document: nmap's report, or a part that ``serialized()`` wrote.
    public init(parsing document: [UInt8]) throws(HostileXMLError) {
        self = try XMLReader.document(document)
    }
}
