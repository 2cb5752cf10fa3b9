/// How to reach Redis.
public struct RedisSettings: Hashable, Sendable {
    /// Host name or address.
    public var host: String
    /// TCP port.
    public var port: Int
    /// User of Redis' access control lists; the default user without it.
    public var user: String?
    /// Password.
    public var password: Secret?
    /// Number of the database.
    public var database: Int
    /// Whether the connection is encrypted.
    public var tls: Bool
    /// Certificates to trust instead of the system's, in PEM.
    public var caFile: String?

    init(_ read: inout SettingsReader) {
        host = read(Self.host)
        port = read(Self.port)
        user = read(Self.user)
        password = read(Self.password)
        database = read(Self.database)
        tls = read(Self.tls)
        caFile = read(Self.caFile)
        read.check(tls || caFile == nil, Self.caFile, "is set, but redis_tls is off")
    }

    static let host = Setting("redis_host", .host, standard: "127.0.0.1", "Redis' host.")
    static let port = Setting("redis_port", .integer(1...65_535), standard: 6_379, "Redis' port.")
    static let user = Setting(
        optional: "redis_user",
        .name,
        "User of Redis' access control lists; not set, the default user."
    )
    static let password = Setting(
        optional: "redis_password",
        .password,
        isSecret: true,
        "Redis' password."
    )
    static let database = Setting(
        "redis_db",
        .integer(0...65_535),
        standard: 3,
        "Number of the database. Falcoria workers use 3."
    )
    static let tls = Setting("redis_tls", .flag, standard: false, "Whether to speak TLS with Redis.")
    static let caFile = Setting(
        optional: "redis_ca_file",
        .readableFile,
        "Certificates (PEM) to trust for Redis instead of the system's."
    )

    static let entries = [
        host.entry(.all), port.entry(.all), user.entry(.all), password.entry(.all), database.entry(.all),
        tls.entry(.all), caFile.entry(.all),
    ]
}
