/// How large a request may be.
struct RequestLimits: Hashable, Sendable {
    /// Bytes of the body.
    var bodyBytes: Int
    /// Entries of `hosts`.
    var hosts: Int
    /// Entries of `ports`; more than there are ports say nothing new.
    var ports = 65_535
}
