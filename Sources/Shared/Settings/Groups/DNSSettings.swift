/// How host names are resolved.
public struct DNSSettings: Hashable, Sendable {
    /// The servers, as `ADDRESS:PORT`; empty for the system's.
    public var servers: [String]
    /// How long a server has to answer.
    public var timeout: Duration
    /// How often a name is asked for; after `timeout * tries` it is given up.
    public var tries: Int
    /// The most names that are asked for at a time; those that wait for slow or dead servers do not count.
    public var maximumConcurrent: Int
    /// Whether IPv6 addresses of names are scanned as well.
    public var resolveIPv6: Bool

    init(_ read: inout SettingsReader) {
        servers = read(Self.servers)
        timeout = read(Self.timeout)
        tries = read(Self.tries)
        maximumConcurrent = read(Self.maximumConcurrent)
        resolveIPv6 = read(Self.resolveIPv6)
    }

    static let servers = Setting(
        "dns_servers",
        .nameServers,
        standard: [],
        standardText: "the system's",
        "Name servers to ask."
    )
    static let timeout = Setting(
        "dns_timeout",
        .duration(.milliseconds(100) ... .seconds(30)),
        standard: .seconds(2),
        "How long a name server has to answer."
    )
    static let tries = Setting("dns_tries", .integer(1...10), standard: 3, "How often a name is asked for.")
    static let maximumConcurrent = Setting(
        "dns_resolve_semaphore_limit",
        .integer(1...65_536),
        standard: 1_024,
        "Most names that are asked for at a time; those that wait for slow or dead servers do not count."
    )
    static let resolveIPv6 = Setting(
        "resolve_ipv6",
        .flag,
        standard: false,
        "Whether IPv6 addresses of names are scanned as well."
    )

    static let entries = [
        servers.entry(.coordinator), timeout.entry(.coordinator), tries.entry(.coordinator),
        maximumConcurrent.entry(.coordinator), resolveIPv6.entry(.coordinator),
    ]
}
