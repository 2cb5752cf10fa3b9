public import AddressSpace

/// What may be scanned at all, whatever a request says.
public struct ScopeSettings: Hashable, Sendable {
    /// Whether private addresses may be.
    public var allowPrivateTargets: Bool
    /// Whether this machine may be.
    public var allowLoopbackTargets: Bool
    /// The only hosts that may be; `nil` for no such limit.
    public var allowedHosts: HostPatterns?
    /// Hosts that never may be.
    public var deniedHosts: HostPatterns
    /// The most addresses that one scan may name.
    public var maxTargetsPerScan: Int

    init(_ read: inout SettingsReader) {
        allowPrivateTargets = read(Self.allowPrivateTargets)
        allowLoopbackTargets = read(Self.allowLoopbackTargets)
        allowedHosts = read(Self.allowedHosts)
        deniedHosts = read(Self.deniedHosts)
        maxTargetsPerScan = read(Self.maxTargetsPerScan)
    }

    static let allowPrivateTargets = Setting(
        "allow_private_targets",
        .flag,
        standard: false,
        "Whether private addresses (10.0.0.0/8, fc00::/7 and the like) may be scanned."
    )
    static let allowLoopbackTargets = Setting(
        "allow_loopback_targets",
        .flag,
        standard: false,
        "Whether workers may scan themselves, for tests."
    )
    static let allowedHosts = Setting(
        optional: "allowed_hosts",
        .hosts,
        "The only hosts that may be scanned; not set or *, any that nothing else forbids."
    )
    static let deniedHosts = Setting(
        "denied_hosts",
        .hosts,
        standard: HostPatterns(),
        "Hosts that are never scanned."
    )
    static let maxTargetsPerScan = Setting(
        "max_targets_per_scan",
        .integer(1...(1 << 26)),
        standard: 1 << 24,
        "Most addresses that one scan may name."
    )

    static let entries = [
        allowPrivateTargets.entry(.coordinator), allowLoopbackTargets.entry(.coordinator),
        allowedHosts.entry(.coordinator), deniedHosts.entry(.coordinator), maxTargetsPerScan.entry(.all),
    ]
}
