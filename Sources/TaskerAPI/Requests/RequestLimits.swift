/// How large a request may be.
struct RequestLimits: Hashable, Sendable {
    /// Bytes of the body.
    var bodyBytes: Int
    /// Entries of `hosts`.
    var hosts: Int
    /// Entries of `ports`; more than there are ports say nothing new.
    var ports = 65_535
    /// Characters of the ports as an argument of nmap. Linux takes arguments of less than 128 KiB (`MAX_ARG_STRLEN`).
    var portListBytes = 120_000
    /// Values in the body. Lists that are somewhat too long still get an answer that names them.
    var values: Int { 2 * (hosts + ports) }
}
