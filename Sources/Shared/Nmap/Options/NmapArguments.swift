public import AddressSpace

/// Turns options into nmap's argument list, one array element per argument: no shell ever reads them.
///
/// Output, target and `--host-timeout` are the worker's to add. The order is that of the original's command line, as
/// captured; only `-6` is new. Numbers outside their bounds, which the HTTP interface refuses, are clamped, so that
/// whatever a stored plan holds, every argument has a known form.
public enum NmapArguments {
    /// The arguments of the first phase.
    public static func openPorts(_ options: OpenPortsOptions, family: AddressFamily) -> [String] {
        common(options.timing, family: family)
            + udp(options.transportProtocol)
            + flag("-Pn", options.skipHostDiscovery)
            + portList(options.ports)
    }

    /// The arguments of the second phase, which takes a host it is given for up.
    ///
    /// - Parameter ports: the open ports. With an empty set there is no `-p`: a worker that chains the phases itself
    ///   appends its own.
    public static func services(
        _ options: ServiceOptions,
        ports: PortSet,
        transportProtocol: TransportProtocol,
        family: AddressFamily
    ) -> [String] {
        common(options.timing, family: family)
            + flag("-A", options.aggressiveScan)
            + flag("-sC", options.defaultScripts)
            + flag("-O", options.osDetection)
            + flag("--traceroute", options.traceroute)
            + ["-sV"]
            + udp(transportProtocol)
            + ["-Pn"]
            + portList(ports)
    }

    private static func common(_ timing: TimingOptions, family: AddressFamily) -> [String] {
        let resolution = timing.dnsResolution.map { [$0 ? "-R" : "-n"] } ?? []
        let numbers = timing.numbers.flatMap { number -> [String] in
            guard let value = number.value else { return [] }
            let clamped = min(max(value, number.bounds.lowerBound), number.bounds.upperBound)
            return [number.argument, "\(clamped)\(number.unit)"]
        }
        return flag("-6", family == .v6) + resolution + numbers
    }

    private static func udp(_ transportProtocol: TransportProtocol) -> [String] {
        flag("-sU", transportProtocol == .udp)
    }

    private static func flag(_ argument: String, _ isSet: Bool) -> [String] {
        isSet ? [argument] : []
    }

    private static func portList(_ ports: PortSet) -> [String] {
        ports.isEmpty ? [] : ["-p", ports.nmapList]
    }
}
