/// What a process is called and how strict its deployment is.
public struct DeploymentSettings: Hashable, Sendable {
    /// Kinds of deployment.
    public enum Environment: String, CaseIterable, Hashable, Sendable {
        /// On somebody's desk.
        case development
        /// For real.
        case production
    }

    /// The name of this process among its replicas.
    public var name: String
    /// The kind of deployment.
    public var environment: Environment
    /// The id of the installation whose data Redis must hold; the first that is seen without it.
    public var installation: String?
    /// Whether an unencrypted connection is refused.
    public var requireTLS: Bool
    /// Certificate chain and private key in one PEM file: the API speaks TLS with it, and a ScanLedger that presents its
    /// first certificate is trusted, as where one bundle is mounted everywhere.
    public var tlsBundlePath: String?

    init(_ read: inout SettingsReader) {
        name = read(Self.name)
        environment = read(Self.environment)
        installation = read(Self.installation)
        requireTLS = read(Self.requireTLS)
        tlsBundlePath = read(Self.tlsBundlePath)
    }

    static let name = Setting(
        "replica_name",
        .name,
        standard: ProcessName.standard,
        standardText: "the host's name and the process number",
        "Name of this process among its replicas, in logs and as holder of the leader's lock."
    )
    static let environment = Setting(
        "environment",
        .word(Environment.self),
        standard: .development,
        "Kind of deployment; production warns of unencrypted connections."
    )
    static let installation = Setting(
        optional: "installation",
        .name,
        "Id of the installation whose data Redis must hold, as a leader logs it; not set, the first that is seen."
    )
    static let requireTLS = Setting(
        "require_tls",
        .flag,
        standard: false,
        "Whether to refuse to start with an unencrypted connection."
    )

    static let tlsBundlePath = Setting(
        optional: "tls_bundle",
        .readableFile,
        "Certificate chain and private key (one PEM file): the API speaks TLS with it, and a ScanLedger that presents the "
            + "same certificate is trusted."
    )

    static let entries = [
        name.entry(.all), environment.entry(.all), installation.entry(.all), requireTLS.entry(.all),
        tlsBundlePath.entry(.all),
    ]
}
