/// Whom a resolver asks, and how patiently.
public struct NameResolverConfiguration: Hashable, Sendable {
    /// The name servers in order of preference, as `address` or `address:port` (`[address]:port` for IPv6). Empty takes
    /// those of `/etc/resolv.conf`.
    public var servers: [String]
    /// How long a server's first answer is waited for; doubled each time all servers have been tried.
    public var timeout: Duration
    /// How often each server is asked at most. A name that no server answers is given up after
    /// `timeout * (2^tries - 1)` for each server: 14 seconds with one server and the defaults.
    public var tries: Int
    /// How many names are looked up at a time. Further ones wait.
    public var maximumConcurrent: Int

    /// A configuration; see the properties.
    public init(
        servers: [String] = [],
        timeout: Duration = .seconds(2),
        tries: Int = 3,
        maximumConcurrent: Int = 4096
    ) {
        precondition(tries > 0 && timeout > .zero && maximumConcurrent > 0, "nothing could be resolved")
        self.servers = servers
        self.timeout = timeout
        self.tries = tries
        self.maximumConcurrent = maximumConcurrent
    }
}
