extension NmapHost {
    /// The element as XML text, for keeping between the phases.
    public func encoded() -> [UInt8] {
        element.serialized()
    }

    /// Reads what ``encoded()`` wrote, under the same limits and checks as a report.
    public init(encoded: [UInt8]) throws(HostileXMLError) {
        try self.init(validating: XMLNode(parsing: encoded))
    }
}
