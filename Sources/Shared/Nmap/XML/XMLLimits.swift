/// How much of a document is read before it is refused.
struct XMLLimits: Sendable {
    /// The size of the document in bytes.
    var bytes: Int

    /// Elements inside one another, the root included.
    var depth: Int

    /// Elements and attributes together. It bounds memory, of which an empty element takes twenty times its own text.
    var nodes: Int

    /// Attributes of one element. It also keeps the search for a repeated name, linear in them, cheap.
    var attributesPerElement: Int

    /// For nmap's reports. All 65,535 ports of a host, each with state and service, are about 700,000 nodes.
    static let report = XMLLimits(
        bytes: 64 * 1024 * 1024,
        depth: 64,
        nodes: 2_000_000,
        attributesPerElement: 64
    )
}
