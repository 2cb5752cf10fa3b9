public import Nmap

/// A validated run-nmap request: what a user asked to be scanned, and how.
public struct ScanRequest: Hashable, Sendable, Codable {
    /// The entries as the user wrote them; each is known to parse as a `HostSpecification`.
    public var hosts: [String]
    /// Options of the first phase, with the ports in scope.
    public var openPorts: OpenPortsOptions
    /// Options of the second phase.
    public var services: ServiceOptions
    /// How long nmap may take for one phase of one target, in seconds: 1...86400.
    public var timeout: Int
    /// Whether open ports are followed by the services phase.
    public var includeServices: Bool
    /// Keep the first address of a hostname only.
    public var singleResolve: Bool
    /// How ScanLedger merges the results.
    public var mode: ImportMode
    /// Whether ScanLedger records changes in its history.
    public var trackHistory: Bool

    /// A request with the given parts.
    public init(
        hosts: [String],
        openPorts: OpenPortsOptions,
        services: ServiceOptions,
        timeout: Int,
        includeServices: Bool,
        singleResolve: Bool,
        mode: ImportMode,
        trackHistory: Bool
    ) {
        self.hosts = hosts
        self.openPorts = openPorts
        self.services = services
        self.timeout = timeout
        self.includeServices = includeServices
        self.singleResolve = singleResolve
        self.mode = mode
        self.trackHistory = trackHistory
    }

    /// The permitted `timeout`, in seconds.
    public static let timeoutBounds = 1...86_400
}
