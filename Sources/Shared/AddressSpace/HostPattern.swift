/// One entry of a deployment's list of hosts that may or may not be scanned.
public enum HostPattern: Hashable, Sendable {
    /// `*`: every address and every name.
    case everything

    /// An address, a network with all its addresses, or a range.
    case addresses(AddressRange)

    /// A fully qualified name in lower case, without the trailing dot.
    case hostname(String)

    /// `*.example.com`: every name below `example.com`, at any depth, but not that name itself.
    case domain(String)

    /// Reads `*`, `*.` and a domain (a top-level one too), a range of two addresses, or whatever a host entry may be
    /// (`HostSpecification`). The error's message names the entry.
    public init(parsing text: String) throws(HostSyntaxError) {
        do throws(HostSyntaxError) {
            self = try Self.pattern(text)
        } catch {
            throw HostSyntaxError(error.code, "\(Self.quoted(text)): \(error.message)")
        }
    }

    private static let wildcard = "*."

    private static func pattern(_ text: String) throws(HostSyntaxError) -> HostPattern {
        if text == "*" { return .everything }
        if text.hasPrefix(wildcard) {
            try HostSpecification.checkCharacters(of: text)
            return .domain(try HostSpecification.domainName(String(text.dropFirst(wildcard.count))))
        }
        if let range = AddressRange(text) { return .addresses(range) }
        return switch try HostSpecification(parsing: text, networks: .whole) {
        case .addresses(let range): .addresses(range)
        case .hostname(let name): .hostname(name)
        }
    }

    /// The text for a message: printable ASCII, and short.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let shown = scalars.prefix(100).map { $0.escaped(asASCII: true) }.joined()
        return "\"\(shown)\(scalars.dropFirst(100).isEmpty ? "" : "...")\""
    }
}

extension HostPattern: CustomStringConvertible {
    /// The entry as it is written, with networks as ranges.
    public var description: String {
        switch self {
        case .everything: "*"
        case .addresses(let range): "\(range)"
        case .hostname(let name): name
        case .domain(let name): Self.wildcard + name
        }
    }
}
