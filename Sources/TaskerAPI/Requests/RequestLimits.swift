/// How large a request may be.
struct RequestLimits: Hashable, Sendable {
    /// Bytes of the body.
    var bodyBytes: Int
    /// Entries of `hosts`, and of `exclude`.
    var hosts: Int
    /// Addresses and names that the entries of `hosts` lead to, each counted once.
    var targets: Int
    /// The most packets a second that nmap may be told to send; nil for no such limit.
    var rateCeiling: Int?
    /// Entries of `ports`; more than there are ports say nothing new.
    var ports = 65_535
    /// Characters of the ports as an argument of nmap. Linux takes arguments of less than 128 KiB (`MAX_ARG_STRLEN`).
    var portListBytes = 120_000
    /// Values in the body. Lists that are somewhat too long still get an answer that names them.
    var values: Int { 2 * (2 * hosts + ports) }

    /// No limits but those that do not depend on the deployment.
    static let none = RequestLimits(bodyBytes: .max, hosts: .max, targets: .max)
}
