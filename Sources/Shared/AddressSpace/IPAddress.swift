/// The two address families of the Internet Protocol.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    /// 32 bits (RFC 791).
    case v4

    /// 128 bits (RFC 8200).
    case v6
}

/// An IPv4 or IPv6 address, held as a number in host byte order.
///
/// Every IPv4 address sorts before every IPv6 address; inside a family the order is numeric. An IPv4-mapped IPv6 address
/// stays IPv6: it is a different address, and `SpecialPurpose.other` holds it.
public enum IPAddress: Hashable, Comparable, Sendable {
    /// An IPv4 address: 1.2.3.4 is 0x01020304.
    case v4(UInt32)

    /// An IPv6 address: ::1 is 1.
    case v6(UInt128)

    /// The family this address belongs to.
    public var family: AddressFamily {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }
}
