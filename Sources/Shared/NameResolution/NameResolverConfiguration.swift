/// Whom a resolver asks, and how patiently.
public struct NameResolverConfiguration: Hashable, Sendable {
    /// The name servers, as `address` or `address:port` (`[address]:port` for IPv6). They are asked in turn. Empty takes
    /// those of `/etc/resolv.conf`.
    public var servers: [String]
    /// How long a server's answer is waited for before the name is asked again, of another server if there is one.
    public var timeout: Duration
    /// How often a name is asked for at most. After `timeout * tries` it is given up, however many servers there are.
    public var tries: Int
    /// How many names are looked up at a time, not counting those that have been waiting for an answer for some time.
    /// Further ones wait. Several thousand overflow the receive buffer of a common name server that is busy, and each
    /// question lost costs a timeout.
    public var maximumConcurrent: Int

    /// A configuration; see the properties.
    public init(
        servers: [String] = [],
        timeout: Duration = .seconds(2),
        tries: Int = 3,
        maximumConcurrent: Int = 1024
    ) {
        precondition(tries > 0 && timeout > .zero && maximumConcurrent > 0, "nothing could be resolved")
        self.servers = servers
        self.timeout = timeout
        self.tries = tries
        self.maximumConcurrent = maximumConcurrent
    }
}
