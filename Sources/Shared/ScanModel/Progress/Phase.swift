/// A step of a target's scan; phases run in this order.
public enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
    /// Which ports are open.
    case openPorts = "open_ports"
    /// What listens on the ports found open.
    case services
}
