extension PortSet: Codable {
    /// Reads the text that ``encode(to:)`` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let list = try container.decode(String.self)
        guard !list.isEmpty else {
            self.init(ports: [])
            return
        }
        do {
            try self.init(parsing: list.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// Writes the set as one text, ``nmapList``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(nmapList)
    }
}
