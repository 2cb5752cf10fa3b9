/// How a transport connects.
public struct HTTPTransportConfiguration: Hashable, Sendable {
    /// A PEM file with the certificates to trust, instead of the system's.
    public var caFile: String?
    /// A PEM file whose first certificate is trusted while it is valid, whoever signed it and whatever names it has; in
    /// addition to those that authorities vouch for.
    public var pinnedCertificateFile: String?
    /// How long resolving the host name, connecting and the TLS handshake may take.
    public var connectTimeout: Duration
    /// How many connections, and so requests at a time, one origin (scheme, host, port) gets. Further requests wait.
    public var maximumConnectionsPerHost: Int
    /// For how long an unused connection may be used again. Keep it below the server's own limit (Uvicorn: 5 s), or
    /// requests meet connections that are just being closed. libcurl counts whole seconds, rounding down.
    public var maximumIdleTime: Duration

    /// A configuration; see the properties.
    public init(
        caFile: String? = nil,
        pinnedCertificateFile: String? = nil,
        connectTimeout: Duration = .seconds(5),
        maximumConnectionsPerHost: Int = 16,
        maximumIdleTime: Duration = .seconds(3)
    ) {
        precondition(maximumConnectionsPerHost > 0, "without a connection nothing can be sent")
        self.caFile = caFile
        self.pinnedCertificateFile = pinnedCertificateFile
        self.connectTimeout = connectTimeout
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.maximumIdleTime = maximumIdleTime
    }
}
