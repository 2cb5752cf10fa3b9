extension AddressRange {
    /// The IPv4 addresses that IPv4-mapped ones among these stand for (::ffff:0:0/96, RFC 4291 section 2.5.5.2); nil if there
    /// are none. Who excludes ::ffff:192.0.2.1 means 192.0.2.1.
    public var mappedIPv4: AddressRange? {
        guard case .v6(let range) = self else { return nil }
        let mapped = Self.mappedBlock...(Self.mappedBlock + UInt128(UInt32.max))
        guard range.overlaps(mapped) else { return nil }
        let common = range.clamped(to: mapped)
        return .v4(UInt32(truncatingIfNeeded: common.lowerBound)...UInt32(truncatingIfNeeded: common.upperBound))
    }

    private static let mappedBlock: UInt128 = 0xffff_0000_0000
}
