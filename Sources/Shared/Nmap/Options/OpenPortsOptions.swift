/// What the first phase does: find the open ports.
public struct OpenPortsOptions: Codable, Hashable, Sendable {
    /// Pace and patience.
    public var timing: TimingOptions

    /// Scan the address without asking first whether it is up (`-Pn`).
    public var skipHostDiscovery: Bool

    /// Which ports are meant: TCP's or UDP's (`-sU`).
    public var transportProtocol: TransportProtocol

    /// The ports to look at.
    public var ports: PortSet

    /// Makes options; only the ports have no default.
    public init(
        timing: TimingOptions = TimingOptions(),
        skipHostDiscovery: Bool = true,
        transportProtocol: TransportProtocol = .tcp,
        ports: PortSet
    ) {
        self.timing = timing
        self.skipHostDiscovery = skipHostDiscovery
        self.transportProtocol = transportProtocol
        self.ports = ports
    }
}
