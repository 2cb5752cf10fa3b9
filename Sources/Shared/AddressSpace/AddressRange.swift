/// Consecutive addresses of one family, both ends included.
public enum AddressRange: Hashable, Sendable {
    /// IPv4 addresses.
    case v4(ClosedRange<UInt32>)

    /// IPv6 addresses.
    case v6(ClosedRange<UInt128>)

    /// The range from `lower` to `upper`; nil if they are of different families or in the wrong order.
    public init?(_ lower: IPAddress, _ upper: IPAddress) {
        switch (lower, upper) {
        case (.v4(let lower), .v4(let upper)) where lower <= upper: self = .v4(lower...upper)
        case (.v6(let lower), .v6(let upper)) where lower <= upper: self = .v6(lower...upper)
        default: return nil
        }
    }

    /// The range of one address.
    public init(_ address: IPAddress) {
        switch address {
        case .v4(let value): self = .v4(value...value)
        case .v6(let value): self = .v6(value...value)
        }
    }

    /// The first address.
    public var lower: IPAddress {
        switch self {
        case .v4(let range): .v4(range.lowerBound)
        case .v6(let range): .v6(range.lowerBound)
        }
    }

    /// The last address.
    public var upper: IPAddress {
        switch self {
        case .v4(let range): .v4(range.upperBound)
        case .v6(let range): .v6(range.upperBound)
        }
    }

    /// How many addresses there are, `UInt64.max` if there are more than that.
    public var count: UInt64 {
        switch self {
        case .v4(let range): range.saturatingCount
        case .v6(let range): range.saturatingCount
        }
    }

    /// Whether `address` is one of the range's.
    public func contains(_ address: IPAddress) -> Bool {
        switch (self, address) {
        case (.v4(let range), .v4(let value)): range.contains(value)
        case (.v6(let range), .v6(let value)): range.contains(value)
        case (.v4, .v6), (.v6, .v4): false
        }
    }
}

extension AddressRange: LosslessStringConvertible {
    /// Reads an address, or two of one family with a hyphen between them.
    public init?(_ description: String) {
        let ends = description.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let lower = IPAddress(ends[0]), let upper = IPAddress(ends[ends.count - 1]) else {
            return nil
        }
        self.init(lower, upper)
    }

    /// The first and the last address with a hyphen between them, or the address if there is one only.
    public var description: String {
        lower == upper ? "\(lower)" : "\(lower)-\(upper)"
    }
}

extension ClosedRange where Bound: FixedWidthInteger & UnsignedInteger {
    /// The number of values, `UInt64.max` if there are more than that.
    var saturatingCount: UInt64 {
        UInt64(clamping: upperBound - lowerBound).addingSaturating(1)
    }
}

extension UInt64 {
    /// The sum, `UInt64.max` where it does not fit.
    package func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
