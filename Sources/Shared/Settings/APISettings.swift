/// The settings of an API replica.
public struct APISettings: Hashable, Sendable {
    /// Name, kind of deployment, strictness.
    public var deployment: DeploymentSettings
    /// The address to listen at.
    public var host: String
    /// The port to listen at.
    public var port: Int
    /// The longest request body, in bytes.
    public var maxRequestBody: Int
    /// How long a request's body may take to arrive.
    public var requestBodyTimeout: Duration
    /// The most connections that a replica has at a time.
    public var maxConnections: Int
    /// The most entries in `hosts` of one request.
    public var maxHostsPerRequest: Int
    /// The most addresses that one scan may name.
    public var maxTargetsPerScan: Int
    /// The most packets a second that one nmap process may be told to send; `nil` for no such limit.
    public var maxRateCeiling: Int?
    /// How long a positive answer of ScanLedger about a token holds.
    public var authCacheTTL: Duration
    /// How long a request waits for its plan before it answers without.
    public var planWait: Duration
    /// How long a replica that is told to end goes on serving.
    public var drainTime: Duration
    /// How many requests are taken from whom.
    public var rates: RateSettings
    /// How many streams of events there are.
    public var events: EventSettings
    /// How to reach Redis.
    public var redis: RedisSettings
    /// How to reach ScanLedger.
    public var scanledger: ScanLedgerSettings
    /// What is logged.
    public var log: LogSettings

    /// Reads and checks all of it; throws with everything that is wrong.
    public init(_ source: SettingsSource) throws(SettingsError) {
        var read = SettingsReader(source)
        deployment = DeploymentSettings(&read)
        host = read(Self.host)
        port = read(Self.port) ?? (deployment.tlsBundlePath == nil ? 8_001 : 8_443)
        maxRequestBody = read(Self.maxRequestBody)
        requestBodyTimeout = read(Self.requestBodyTimeout)
        maxConnections = read(Self.maxConnections)
        maxHostsPerRequest = read(Self.maxHostsPerRequest)
        maxTargetsPerScan = read(ScopeSettings.maxTargetsPerScan)
        maxRateCeiling = read(PolitenessSettings.maxRateCeiling)
        authCacheTTL = read(Self.authCacheTTL)
        planWait = read(Self.planWait)
        drainTime = read(Self.drainTime)
        rates = RateSettings(&read)
        events = EventSettings(&read)
        redis = RedisSettings(&read)
        scanledger = ScanLedgerSettings(&read)
        log = LogSettings(&read)
        if deployment.requireTLS {
            read.check(
                deployment.tlsBundlePath != nil,
                DeploymentSettings.tlsBundlePath,
                "is not set, but require_tls is on"
            )
            read.check(redis.tls, RedisSettings.tls, "is off, but require_tls is on")
            read.check(scanledger.tls, ScanLedgerSettings.baseURL, "is not https, but require_tls is on")
        }
        try read.finish()
    }

    /// The connections that are not encrypted, to warn of in production.
    public var plaintextConnections: [String] {
        [("API", deployment.tlsBundlePath != nil), ("Redis", redis.tls), ("ScanLedger", scanledger.tls)]
            .filter { !$0.1 }.map(\.0)
    }

    static let host = Setting("api_host", .host, standard: "0.0.0.0", "Address the API listens at.")
    static let port = Setting(
        optional: "api_port",
        .integer(1...65_535),
        standardText: "8001, with TLS 8443",
        "Port the API listens at."
    )
    static let maxRequestBody = Setting(
        "max_request_body",
        .byteCount(1_000...1_000_000_000),
        standard: 16_000_000,
        "Longest request body."
    )
    static let requestBodyTimeout = Setting(
        "request_body_timeout",
        .duration(.seconds(1) ... .seconds(3_600)),
        standard: .seconds(60),
        "How long a request's body may take to arrive."
    )
    static let maxConnections = Setting(
        "max_connections",
        .integer(16...1_000_000),
        standard: 4_096,
        "Most connections that a replica has at a time; more wait until one of them is closed."
    )
    static let maxHostsPerRequest = Setting(
        "max_hosts_per_request",
        .integer(1...10_000_000),
        standard: 100_000,
        "Most entries (addresses, networks, names) in one scan request."
    )
    static let authCacheTTL = Setting(
        "auth_cache_ttl",
        .duration(.zero ... .seconds(30)),
        standard: .seconds(30),
        "How long ScanLedger's word on a token holds."
    )
    static let planWait = Setting(
        "plan_wait",
        .duration(.zero ... .seconds(50)),
        standard: .seconds(30),
        "How long a scan request waits for its plan before it is answered without; falcli gives up after 60s."
    )
    static let drainTime = Setting(
        "drain_time",
        .duration(.zero ... .seconds(60)),
        standard: .seconds(5),
        "How long a replica that is told to end says so at /readyz and goes on serving; longer than balancers take to notice."
    )

    static let entries = [
        host.entry(.api), port.entry(.api), maxRequestBody.entry(.api), requestBodyTimeout.entry(.api),
        maxConnections.entry(.api), maxHostsPerRequest.entry(.api),
        authCacheTTL.entry(.api), planWait.entry(.api), drainTime.entry(.api),
    ]
}
