public import AddressSpace

/// How many requests an API replica takes from whom.
public struct RateSettings: Hashable, Sendable {
    /// Requests a second with one good token; 0 for no limit.
    public var perToken: Int
    /// Requests a second from one address without a good token; 0 for no limit.
    public var perAddress: Int
    /// Requests that may come at once.
    public var burst: Int
    /// The proxies whose word on the client's address is believed.
    public var trustedProxies: AddressSet

    init(_ read: inout SettingsReader) {
        perToken = read(Self.perToken)
        perAddress = read(Self.perAddress)
        burst = read(Self.burst)
        trustedProxies = read(Self.trustedProxies)
    }

    static let perToken = Setting(
        "rate_limit_per_token",
        .integer(0...1_000_000),
        standard: 100,
        "Requests a second that a replica takes with one good token; 0, no limit."
    )
    static let perAddress = Setting(
        "rate_limit_per_address",
        .integer(0...1_000_000),
        standard: 20,
        "Requests a second that a replica takes from one address without a good token; 0, no limit."
    )
    static let burst = Setting(
        "rate_limit_burst",
        .integer(1...1_000_000),
        standard: 200,
        "Requests that may come at once before those limits hold."
    )
    static let trustedProxies = Setting(
        "trusted_proxies",
        .addresses,
        standard: AddressSet(),
        "Load balancers whose X-Forwarded-For says from which address a request comes."
    )

    static let entries = [
        perToken.entry(.api), perAddress.entry(.api), burst.entry(.api), trustedProxies.entry(.api),
    ]
}
