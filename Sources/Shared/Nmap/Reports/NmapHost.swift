public import AddressSpace

/// One `<host>` element of a report, complete, readable and fit for import.
///
/// The element is kept as a tree, so nothing nmap found is lost; what Tasker reasons about is read from it once.
public struct NmapHost: Hashable, Sendable {
    /// The whole element.
    public let element: XMLNode

    /// The address that was scanned.
    public let address: IPAddress

    /// When nmap began with this host, in seconds since 1970.
    public let startTime: Int

    /// When nmap was done with this host, in seconds since 1970.
    public let endTime: Int

    /// The ports reported one by one, in the order of the report. nmap sums up the rest as `extraports`.
    public let ports: [NmapPort]

    /// Reads and checks a `<host>` element.
    init(validating element: XMLNode) throws(HostileXMLError) {
        try ImportRequirements.check(element)
        guard element.name == "host", element.all("status").map({ $0["state"] }) == ["up"] else {
            throw Self.refusal("not a host that is up")
        }
        guard let address = element.scannedAddress else { throw Self.refusal("a host without one address") }
        guard let startTime = element.time("starttime"), let endTime = element.time("endtime") else {
            throw Self.refusal("a host without its times")
        }
        let portLists = element.all("ports")
        guard portLists.count == 1 else { throw Self.refusal("a host without one list of ports") }
        var ports: [NmapPort] = []
        for port in portLists[0].all("port") {
            ports.append(try NmapPort(element: port))
        }
        guard Set(ports.map(\.key)).count == ports.count else { throw Self.refusal("a port that is listed twice") }
        self.init(element: element, address: address, startTime: startTime, endTime: endTime, ports: ports)
    }

    init(element: XMLNode, address: IPAddress, startTime: Int, endTime: Int, ports: [NmapPort]) {
        self.element = element
        self.address = address
        self.startTime = startTime
        self.endTime = endTime
        self.ports = ports
    }

    /// The ports whose state is exactly `open`.
    public var openPorts: PortSet {
        PortSet(ports: ports.lazy.filter { $0.state == .open }.map(\.number))
    }

    /// The names in the report, in its order.
    public var hostnames: [String] {
        element.all("hostnames").flatMap { $0.all("hostname") }.compactMap { $0["name"] }
    }

    private static func refusal(_ message: String) -> HostileXMLError {
        HostileXMLError(code: .unexpectedContent, message: message)
    }
}

extension XMLNode {
    /// The one IP address of a `<host>`; its MAC address, if there is one, does not count.
    ///
    /// It has to come first, because the first address is the one that ScanLedger takes.
    var scannedAddress: IPAddress? {
        let addresses = all("address")
        let scanned = addresses.filter { $0["addrtype"] != "mac" }
        guard scanned.count == 1, addresses.first == scanned[0] else { return nil }
        switch (scanned[0]["addrtype"], scanned[0]["addr"].flatMap(IPAddress.init)) {
        case ("ipv4", .v4(let address)): return .v4(address)
        case ("ipv6", .v6(let address)): return .v6(address)
        default: return nil
        }
    }

    fileprivate func time(_ attribute: String) -> Int? {
        self[attribute].flatMap { Int($0) }
    }
}
