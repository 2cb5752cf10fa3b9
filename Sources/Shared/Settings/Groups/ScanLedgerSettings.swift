/// How to reach ScanLedger, and as whom.
public struct ScanLedgerSettings: Hashable, Sendable {
    /// The base of its REST interface, without a slash at the end.
    public var baseURL: String
    /// Tasker's own token there.
    public var token: Secret
    /// Certificates to trust instead of the system's, in PEM.
    public var caFile: String?

    /// Whether the connection is encrypted.
    public var tls: Bool { baseURL.lowercased().hasPrefix("https://") }

    init(_ read: inout SettingsReader) {
        baseURL = read(Self.baseURL)
        token = read(Self.token)
        caFile = read(Self.caFile)
        read.check(tls || caFile == nil, Self.caFile, "is set, but scanledger_base_url is not https")
    }

    static let baseURL = Setting(
        required: "scanledger_base_url",
        .baseURL,
        placeholder: "",
        "Base URL of ScanLedger's REST interface."
    )
    static let token = Setting(
        required: "tasker_auth_token",
        .token,
        placeholder: Secret(""),
        isSecret: true,
        "Tasker's own token at ScanLedger."
    )
    static let caFile = Setting(
        optional: "scanledger_ca_file",
        .readableFile,
        "Certificates (PEM) to trust for ScanLedger instead of the system's."
    )

    static let entries = [baseURL.entry(.all), token.entry(.all), caFile.entry(.all)]
}
