/// A host as ScanLedger shows it. Fields that it leaves out, or has as null, are empty here.
public struct LedgerHost: Hashable, Sendable {
    /// The address, as text.
    public let ip: String
    /// nmap's word for the host's state, mostly `up`.
    public let status: String
    /// Unix time of the scan's start, in seconds; 0 where unknown.
    public let starttime: Int
    /// Unix time of the scan's end, in seconds; 0 where unknown.
    public let endtime: Int
    /// Its names.
    public let hostnames: [String]
    /// Its ports.
    public let ports: [LedgerPort]
}

/// A port of a host in ScanLedger.
public struct LedgerPort: Hashable, Sendable, Decodable {
    /// The port number.
    public let number: UInt16
    /// `tcp` or `udp`.
    public let `protocol`: String
    /// nmap's word for the port's state.
    public let state: String
    /// The service's name.
    public let service: String?
    /// The product behind the service.
    public let product: String?
    /// The product's version.
    public let version: String?
}

extension LedgerHost: Decodable {
    private enum CodingKeys: String, CodingKey {
        case ip, status, starttime, endtime, hostnames, ports
    }

    /// Reads a host; only the address has to be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        ip = try container.decode(String.self, forKey: .ip)
        status = try container.decodeIfPresent(String.self, forKey: .status) ?? ""
        starttime = try container.decodeIfPresent(Int.self, forKey: .starttime) ?? 0
        endtime = try container.decodeIfPresent(Int.self, forKey: .endtime) ?? 0
        hostnames = try container.decodeIfPresent([String].self, forKey: .hostnames) ?? []
        ports = try container.decodeIfPresent([LedgerPort].self, forKey: .ports) ?? []
    }
}
