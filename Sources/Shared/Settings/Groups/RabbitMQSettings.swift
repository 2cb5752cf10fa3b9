/// How to reach RabbitMQ.
public struct RabbitMQSettings: Hashable, Sendable {
    /// Host name or address.
    public var host: String
    /// TCP port.
    public var port: Int
    /// User.
    public var user: String
    /// Password.
    public var password: Secret
    /// Virtual host.
    public var vhost: String
    /// Whether the connection is encrypted.
    public var tls: Bool
    /// Certificates to trust instead of the system's, in PEM.
    public var caFile: String?
    /// How long the broker lets a consumer hold a message.
    public var consumerTimeout: Duration

    init(_ read: inout SettingsReader) {
        host = read(Self.host)
        user = read(Self.user)
        password = read(Self.password)
        vhost = read(Self.vhost)
        tls = read(Self.tls)
        port = read(Self.port) ?? (tls ? 5_671 : 5_672)
        caFile = read(Self.caFile)
        consumerTimeout = read(Self.consumerTimeout)
        read.check(tls || caFile == nil, Self.caFile, "is set, but rabbitmq_tls is off")
    }

    static let host = Setting("rabbitmq_host", .host, standard: "127.0.0.1", "RabbitMQ's host.")
    static let port = Setting(
        optional: "rabbitmq_port",
        .integer(1...65_535),
        standardText: "5672, with TLS 5671",
        "RabbitMQ's port."
    )
    static let user = Setting("rabbitmq_user", .line, standard: "guest", "RabbitMQ's user.")
    static let password = Setting(
        "rabbitmq_password",
        .password,
        standard: Secret("guest"),
        standardText: "guest",
        isSecret: true,
        "RabbitMQ's password."
    )
    static let vhost = Setting("rabbitmq_vhost", .line, standard: "/", "RabbitMQ's virtual host.")
    static let tls = Setting("rabbitmq_tls", .flag, standard: false, "Whether to speak TLS with RabbitMQ.")
    static let caFile = Setting(
        optional: "rabbitmq_ca_file",
        .readableFile,
        "Certificates (PEM) to trust for RabbitMQ instead of the system's."
    )

    static let consumerTimeout = Setting(
        "rabbitmq_consumer_timeout",
        .duration(.seconds(10) ... .seconds(30 * 86_400)),
        standard: .seconds(1_800),
        "The broker's consumer_timeout, which Tasker cannot ask it for: no result is held longer than a sixth of it."
    )

    static let entries = [
        host.entry(.coordinator), port.entry(.coordinator), user.entry(.coordinator), password.entry(.coordinator),
        vhost.entry(.coordinator), tls.entry(.coordinator), caFile.entry(.coordinator),
        consumerTimeout.entry(.coordinator),
    ]
}
