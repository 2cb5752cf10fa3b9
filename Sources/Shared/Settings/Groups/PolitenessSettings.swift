/// How much the hosts and networks that are scanned have to bear, over all scans together.
public struct PolitenessSettings: Hashable, Sendable {
    /// The most tasks in flight against one address; 0 for no such limit.
    public var perTarget: Int
    /// The most tasks in flight against one /24 of IPv4 or /64 of IPv6; 0 for no such limit.
    public var perNetwork: Int
    /// The most packets a second that one nmap process may be told to send; `nil` for no such limit.
    public var maxRateCeiling: Int?

    init(_ read: inout SettingsReader) {
        perTarget = read(Self.perTarget)
        perNetwork = read(Self.perNetwork)
        maxRateCeiling = read(Self.maxRateCeiling)
    }

    static let perTarget = Setting(
        "per_target",
        .integer(0...1_024),
        standard: 4,
        "Most tasks in flight against one address, over all scans together; 0, no limit."
    )
    static let perNetwork = Setting(
        "per_network",
        .integer(0...65_536),
        standard: 32,
        "Most tasks in flight against one /24 of IPv4 or /64 of IPv6, over all scans together; 0, no limit."
    )
    static let maxRateCeiling = Setting(
        optional: "max_rate_ceiling",
        .integer(1...10_000_000),
        "Most packets a second that one nmap process may be told to send; not set, no limit."
    )

    static let entries = [
        perTarget.entry(.coordinator), perNetwork.entry(.coordinator), maxRateCeiling.entry(.all),
    ]
}
