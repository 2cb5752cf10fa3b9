public import Nmap

/// A validated run-nmap request: what a user asked to be scanned, and how.
public struct ScanRequest: Hashable, Sendable {
    /// The entries as the user wrote them; each is known to parse as a `HostSpecification`.
    public var hosts: [String]
    /// What is not to be scanned, whatever `hosts` says; each entry is known to parse as an exclusion.
    public var exclude: [String] = []
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
    /// Which scans of a project go first: those with the higher number. 0...9.
    public var priority = standardPriority
    /// Whether only the plan is wanted.
    public var isDryRun = false
    /// What this scan takes up of an earlier one; `hosts` is then that scan's, and is not looked at.
    public var requeues: Requeue?

    /// A request with the given parts; what the original does not know is as if it were not said.
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
    /// The permitted `priority`.
    public static let priorityBounds = 0...9
    /// The priority of a request that does not say.
    public static let standardPriority = 5
}
