/// Why an address is no ordinary target on the internet. The sets of the cases are disjoint.
///
/// Taken from the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190 and their updates up to
/// RFC 9780), with multicast and the space that IANA keeps reserved. The registries' column "Globally Reachable"
/// decides:
///
/// - False: special. True: an ordinary target, also inside a larger special block (the anycast addresses of PCP and TURN,
///   AMT, AS112, ORCHIDv2, DRIP).
/// - N/A: special. 192.88.99.0/24 (deprecated 6to4 relays) may not be used again (RFC 7526); Teredo 2001::/32 and 6to4
///   2002::/16 contain an IPv4 address.
/// - 64:ff9b::/96 (NAT64) is special although globally reachable, for the same reason: whatever IPv4 address is denied or
///   private could be reached through it. The same goes for IPv4-mapped and IPv4-compatible addresses.
public enum SpecialPurpose: String, Hashable, Sendable, CaseIterable {
    /// The machine itself.
    case loopback

    /// Networks that organisations number for themselves: RFC 1918, shared space (RFC 6598), unique local (RFC 4193).
    case privateUse

    /// All the rest: nothing that could be a target has such an address, or it reaches another one.
    case other

    /// The addresses of one kind.
    public static func set(_ purpose: SpecialPurpose) -> AddressSet {
        switch purpose {
        case .loopback: loopbackAddresses
        case .privateUse: privateUseAddresses
        case .other: otherAddresses
        }
    }

    private static let loopbackAddresses = AddressSet(prefixes: [
        "127.0.0.0/8",  // RFC 1122
        "::1/128",  // RFC 4291
    ])

    private static let privateUseAddresses = AddressSet(prefixes: [
        "10.0.0.0/8",  // RFC 1918
        "100.64.0.0/10",  // shared address space of carrier-grade NAT, RFC 6598
        "172.16.0.0/12",  // RFC 1918
        "192.168.0.0/16",  // RFC 1918
        "fc00::/7",  // unique local, RFC 4193
    ])

    private static let otherAddresses =
        otherIPv4Addresses
        .union(otherIPv6Addresses)
        .union(outsideGlobalUnicast.subtracting(loopbackAddresses).subtracting(privateUseAddresses))
        .subtracting(globallyReachableExceptions)

    private static let otherIPv4Addresses = AddressSet(prefixes: [
        "0.0.0.0/8",  // this network, RFC 791
        "169.254.0.0/16",  // link-local, RFC 3927; the metadata services of clouds are here
        "192.0.0.0/24",  // IETF protocol assignments, RFC 6890
        "192.0.2.0/24",  // documentation, RFC 5737
        "192.88.99.0/24",  // deprecated 6to4 relay anycast, RFC 7526
        "198.18.0.0/15",  // benchmarking, RFC 2544
        "198.51.100.0/24",  // documentation, RFC 5737
        "203.0.113.0/24",  // documentation, RFC 5737
        "224.0.0.0/4",  // multicast, RFC 5771
        "240.0.0.0/4",  // reserved, RFC 1112, with limited broadcast, RFC 8190
    ])

    private static let otherIPv6Addresses = AddressSet(prefixes: [
        "2001::/23",  // IETF protocol assignments, RFC 2928: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  // documentation, RFC 3849
        "2002::/16",  // 6to4, RFC 3056
        "3fff::/20",  // documentation, RFC 9637
    ])

    /// All of IPv6 but 2000::/3, the only space that IANA gives out as global unicast.
    ///
    /// It holds the unspecified address, IPv4-compatible ::/96 and -mapped ::ffff:0:0/96 (RFC 4291), NAT64 64:ff9b::/96
    /// and 64:ff9b:1::/48 (RFC 6052, RFC 8215), discard-only 100::/64 (RFC 6666), dummy 100:0:0:1::/64 (RFC 9780), SRv6
    /// identifiers 5f00::/16 (RFC 9602), link-local fe80::/10, deprecated site-local fec0::/10 (RFC 3879) and multicast
    /// ff00::/8.
    private static let outsideGlobalUnicast = AddressSet(prefixes: ["::/3", "4000::/2", "8000::/1"])

    /// What the registries call globally reachable inside the blocks above. 192.31.196.0/24, 192.52.193.0/24,
    /// 192.175.48.0/24 and 2620:4f:8000::/48 (AS112, AMT) lie in no such block and need no exception.
    private static let globallyReachableExceptions = AddressSet(prefixes: [
        "192.0.0.9/32",  // Port Control Protocol anycast, RFC 7723
        "192.0.0.10/32",  // TURN anycast, RFC 8155
        "2001:1::1/128",  // Port Control Protocol anycast, RFC 7723
        "2001:1::2/128",  // TURN anycast, RFC 8155
        "2001:1::3/128",  // DNS-SD service registration anycast, RFC 9665
        "2001:3::/32",  // AMT, RFC 7450
        "2001:4:112::/48",  // AS112, RFC 7535
        "2001:20::/28",  // ORCHIDv2, RFC 7343
        "2001:30::/28",  // drone remote identification, RFC 9374
    ])
}

extension AddressSet {
    /// The union of prefixes that are literals of this module, so that one that cannot be read is a mistake in the code.
    fileprivate init(prefixes: [String]) {
        self.init(
            prefixes.map { text in
                guard let prefix = IPPrefix(text) else { preconditionFailure("not a prefix: \(text)") }
                return prefix.range
            }
        )
    }
}
