/// The transport protocol a scan is about.
public enum TransportProtocol: String, Codable, Hashable, Sendable, CaseIterable {
    case tcp
    case udp
}
