/// The settings of a coordinator.
public struct CoordinatorSettings: Hashable, Sendable {
    /// Name, kind of deployment, strictness.
    public var deployment: DeploymentSettings
    /// The address that health is asked for at.
    public var host: String
    /// The port that health is asked for at.
    public var port: Int
    /// Leadership.
    public var leadership: LeadershipSettings
    /// How much is in flight.
    public var dispatch: DispatchSettings
    /// How much one network has to bear.
    public var politeness: PolitenessSettings
    /// What may be scanned.
    public var scope: ScopeSettings
    /// How host names are resolved.
    public var dns: DNSSettings
    /// How often Falcoria workers are asked to look up their external address.
    public var workerIPUpdateTTL: Duration
    /// How to reach Redis.
    public var redis: RedisSettings
    /// How to reach RabbitMQ.
    public var rabbitMQ: RabbitMQSettings
    /// How to reach ScanLedger.
    public var scanledger: ScanLedgerSettings
    /// What is logged.
    public var log: LogSettings

    /// Reads and checks all of it; throws with everything that is wrong.
    public init(_ source: SettingsSource) throws(SettingsError) {
        var read = SettingsReader(source)
        deployment = DeploymentSettings(&read)
        host = read(Self.host)
        port = read(Self.port)
        leadership = LeadershipSettings(&read)
        dispatch = DispatchSettings(&read)
        politeness = PolitenessSettings(&read)
        scope = ScopeSettings(&read)
        dns = DNSSettings(&read)
        workerIPUpdateTTL = read(Self.workerIPUpdateTTL)
        redis = RedisSettings(&read)
        rabbitMQ = RabbitMQSettings(&read)
        scanledger = ScanLedgerSettings(&read)
        log = LogSettings(&read)
        if deployment.requireTLS {
            read.check(redis.tls, RedisSettings.tls, "is off, but require_tls is on")
            read.check(rabbitMQ.tls, RabbitMQSettings.tls, "is off, but require_tls is on")
            read.check(scanledger.tls, ScanLedgerSettings.baseURL, "is not https, but require_tls is on")
        }
        try read.finish()
    }

    /// The connections that are not encrypted, to warn of in production.
    public var plaintextConnections: [String] {
        [("Redis", redis.tls), ("RabbitMQ", rabbitMQ.tls), ("ScanLedger", scanledger.tls)]
            .filter { !$0.1 }.map(\.0)
    }

    static let host = Setting(
        "coordinator_host",
        .host,
        standard: "0.0.0.0",
        "Address at which a coordinator says how it is: /livez and /readyz."
    )
    static let port = Setting(
        "coordinator_port",
        .integer(1...65_535),
        standard: 8_002,
        "Port at which it does; each coordinator of a machine needs its own."
    )
    static let workerIPUpdateTTL = Setting(
        "worker_ip_update_ttl",
        .duration(.seconds(60) ... .seconds(86_400)),
        standard: .seconds(3_700),
        "How often Falcoria workers are asked to look up their external address."
    )
}
