/// How coordinators agree on a leader.
public struct LeadershipSettings: Hashable, Sendable {
    /// How long a leader that is not heard of stays leader.
    public var lease: Duration
    /// How often the leader renews its lease.
    public var leaseRenewInterval: Duration
    /// How often the others look.
    public var standbyPollInterval: Duration

    init(_ read: inout SettingsReader) {
        lease = read(Self.lease)
        leaseRenewInterval = read(Self.leaseRenewInterval)
        standbyPollInterval = read(Self.standbyPollInterval)
        read.check(
            leaseRenewInterval * 2 <= lease,
            Self.leaseRenewInterval,
            "is more than half of lease; a third is usual"
        )
        read.check(standbyPollInterval <= lease, Self.standbyPollInterval, "is more than lease")
    }

    static let lease = Setting(
        "lease",
        .duration(.seconds(1) ... .seconds(60)),
        standard: .seconds(3),
        "How long a leader that is not heard of stays leader."
    )
    static let leaseRenewInterval = Setting(
        "lease_renew_interval",
        .duration(.milliseconds(50) ... .seconds(30)),
        standard: .seconds(1),
        "How often the leader renews its lease; at most half of it."
    )
    static let standbyPollInterval = Setting(
        "standby_poll_interval",
        .duration(.milliseconds(50) ... .seconds(30)),
        standard: .milliseconds(500),
        "How often the other coordinators look whether the leader is alive."
    )

    static let entries = [
        lease.entry(.coordinator), leaseRenewInterval.entry(.coordinator), standbyPollInterval.entry(.coordinator),
    ]
}
