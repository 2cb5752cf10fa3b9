/// One entry of a list of hosts: addresses, or a name that has yet to be resolved.
public enum HostSpecification: Hashable, Sendable {
    /// The addresses meant.
    case addresses(AddressRange)

    /// A fully qualified name in lower case, without the trailing dot.
    case hostname(String)

    /// Reads an IPv4 or IPv6 address, a network in CIDR notation, an IPv4 range `a.b.c.d-e.f.g.h` or `a.b.c.d-h`, or a
    /// fully qualified host name.
    ///
    /// What only digits, dots and hyphens make up is an address or a range, never a name. `networks` says which addresses
    /// a network in CIDR notation means.
    public init(parsing text: String, networks: NetworkExtent = .hosts) throws(HostSyntaxError) {
        try Self.checkCharacters(of: text)
        if text.utf8.contains(.colon) || text.utf8.contains(.slash) {
            self = .addresses(try Self.addressOrPrefix(text, networks: networks))
        } else if text.utf8.allSatisfy({ $0.decimalDigitValue != nil || $0 == .dot || $0 == .hyphen }) {
            self = .addresses(try Self.ipv4AddressOrRange(text))
        } else {
            self = .hostname(try Self.hostname(text))
        }
    }

    /// Which addresses of a network an entry means.
    public enum NetworkExtent: Hashable, Sendable {
        /// Those that a host can have (`IPPrefix.hostRange`), for what is to be scanned.
        case hosts

        /// All of them, for what is to be left alone or permitted. Network and broadcast are ordinary addresses as soon as
        /// another entry names them or a larger network around them, so an exclusion of 192.0.2.0/24 that left out .0 and
        /// .255 would have those two scanned.
        case whole
    }

    /// From here on a text is short, printable ASCII, and safe to quote in a message.
    static func checkCharacters(of text: String) throws(HostSyntaxError) {
        guard !text.isEmpty else { throw HostSyntaxError(.empty, "the host is empty") }
        guard text.utf8.count <= maximumNameLength + 1 else {
            throw HostSyntaxError(
                .tooLong,
                "the host is \(text.utf8.count) bytes long; a name has at most \(maximumNameLength)"
            )
        }
        for scalar in text.unicodeScalars where !("!"..."~").contains(scalar) {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let codePoint = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let complaint =
                switch scalar {
                case " ": "the host contains a space"
                case _ where scalar.isASCII: "the host contains the control character \(codePoint)"
                default: "the host contains \(codePoint), which is not ASCII; international names take their xn-- form"
                }
            throw HostSyntaxError(.forbiddenCharacter, complaint)
        }
    }
}
