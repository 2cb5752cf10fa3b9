import HTTPTypes

/// A caller's token, as ScanLedger gave it out. It has no description: it must not reach a log.
struct BearerToken: Sendable {
    /// Longer ones are not ScanLedger's.
    static let maximumLength = 4_096

    /// The token itself.
    let secret: String

    /// Takes a token that is known to be good, such as Tasker's own.
    init(_ secret: String) {
        self.secret = secret
    }

    /// Reads the token of a request (RFC 6750, section 2.1); nil where there is none, or not one.
    init?(_ headers: HTTPFields) {
        let values = headers[values: .authorization]
        guard values.count == 1 else { return nil }
        let parts = values[0].split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let isVisibleASCII = parts[1].utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisibleASCII, parts[1].utf8.count <= Self.maximumLength else { return nil }
        secret = String(parts[1])
    }
}

extension BearerToken: CustomStringConvertible, CustomReflectable {
    /// Says nothing about the token.
    var description: String { "a token" }

    /// Says nothing about the token.
    var customMirror: Mirror { Mirror(self, children: []) }
}
