/// A token for ScanLedger, Tasker's own or a caller's. It must not reach a log.
struct LedgerToken: Sendable {
    /// The token itself.
    let secret: String

    init(_ secret: String) {
        self.secret = secret
    }
}

extension LedgerToken: CustomStringConvertible, CustomReflectable {
    /// Says nothing about the token.
    var description: String { "a token" }

    /// Says nothing about the token.
    var customMirror: Mirror { Mirror(self, children: []) }
}
