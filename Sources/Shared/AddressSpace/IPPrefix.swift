/// A network in CIDR notation: all addresses that share the first `length` bits of `address`.
public struct IPPrefix: Hashable, Sendable {
    /// The first address of the network.
    public let address: IPAddress

    /// How many leading bits are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6.
    public let length: Int

    /// Every address of the network.
    public let range: AddressRange

    /// The network of `length` bits around `address`, whose host bits are dropped; nil if the family has no such length.
    public init?(address: IPAddress, length: Int) {
        guard length >= 0, length <= address.family.bitWidth else { return nil }
        switch address {
        case .v4(let value):
            let hostBits = UInt32.max >> length
            range = .v4((value & ~hostBits)...(value | hostBits))
        case .v6(let value):
            let hostBits = UInt128.max >> length
            range = .v6((value & ~hostBits)...(value | hostBits))
        }
        self.address = range.lower
        self.length = length
    }

    /// The addresses a host can have, as Python's `ipaddress` gives by `hosts()`.
    ///
    /// IPv4 prefixes shorter than /31 lose network and broadcast (RFC 3021 lets /31 keep both); IPv6 prefixes shorter than
    /// /127 lose the subnet-router anycast address (RFC 4291 section 2.6.1, RFC 6164).
    public var hostRange: AddressRange {
        switch range {
        case .v4(let all) where length < 31: .v4((all.lowerBound + 1)...(all.upperBound - 1))
        case .v6(let all) where length < 127: .v6((all.lowerBound + 1)...all.upperBound)
        case .v4, .v6: range
        }
    }
}

extension IPPrefix: LosslessStringConvertible {
    /// Reads `address/length`; host bits are accepted and dropped, a netmask in place of the length is not.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = UInt8(strictDecimal: parts[1]) else {
            return nil
        }
        self.init(address: address, length: Int(length))
    }

    /// The network in canonical text, such as `10.0.0.0/8`.
    public var description: String {
        "\(address)/\(length)"
    }
}

extension AddressFamily {
    /// The number of bits in an address of this family.
    public var bitWidth: Int {
        switch self {
        case .v4: UInt32.bitWidth
        case .v6: UInt128.bitWidth
        }
    }
}
