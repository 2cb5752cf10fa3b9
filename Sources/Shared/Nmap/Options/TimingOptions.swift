/// Name resolution, pace and patience of nmap: what both phases of a scan share. `nil` leaves nmap its default.
public struct TimingOptions: Codable, Hashable, Sendable {
    /// Whether nmap looks up the names of addresses: always (`-R`), never (`-n`), or as it sees fit (`nil`).
    public var dnsResolution: Bool?

    /// `--max-retries`: how often a probe is sent again.
    public var maxRetries: Int?

    /// `--min-parallelism`: the fewest probes outstanding.
    public var minParallelism: Int?

    /// `--max-parallelism`: the most probes outstanding.
    public var maxParallelism: Int?

    /// `--min-rtt-timeout`: the shortest wait for an answer, in milliseconds.
    public var minRTTTimeoutMilliseconds: Int?

    /// `--max-rtt-timeout`: the longest wait for an answer, in milliseconds.
    public var maxRTTTimeoutMilliseconds: Int?

    /// `--initial-rtt-timeout`: the wait for an answer before anything was measured, in milliseconds.
    public var initialRTTTimeoutMilliseconds: Int?

    /// `--min-rate`: the fewest packets per second.
    public var minRate: Int?

    /// `--max-rate`: the most packets per second.
    public var maxRate: Int?

    /// Makes options that leave everything not named to nmap.
    public init(
        dnsResolution: Bool? = nil,
        maxRetries: Int? = nil,
        minParallelism: Int? = nil,
        maxParallelism: Int? = nil,
        minRTTTimeoutMilliseconds: Int? = nil,
        maxRTTTimeoutMilliseconds: Int? = nil,
        initialRTTTimeoutMilliseconds: Int? = nil,
        minRate: Int? = nil,
        maxRate: Int? = nil
    ) {
        self.dnsResolution = dnsResolution
        self.maxRetries = maxRetries
        self.minParallelism = minParallelism
        self.maxParallelism = maxParallelism
        self.minRTTTimeoutMilliseconds = minRTTTimeoutMilliseconds
        self.maxRTTTimeoutMilliseconds = maxRTTTimeoutMilliseconds
        self.initialRTTTimeoutMilliseconds = initialRTTTimeoutMilliseconds
        self.minRate = minRate
        self.maxRate = maxRate
    }
}
