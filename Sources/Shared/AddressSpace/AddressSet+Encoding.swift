/// The stored form of a set, which has exactly one encoding:
///
///     version (1)
///     number of IPv4 ranges, then each of them
///     number of IPv6 ranges, then each of them
///
/// All numbers after the version byte are LEB128 varints in their shortest form. A range is its distance (the first
/// one's from 0, any other's from the nearest place where it could begin, two past the end of the one before) and its
/// span (upper - lower). Overlapping or touching ranges therefore cannot be written down.
extension AddressSet {
    private static let encodingVersion: UInt8 = 1

    /// The set as bytes: a few per range.
    public func encoded() -> [UInt8] {
        var bytes = [Self.encodingVersion]
        v4.encode(into: &bytes)
        v6.encode(into: &bytes)
        return bytes
    }

    /// Reads what `encoded()` wrote, and refuses everything else.
    public init(encoded bytes: [UInt8]) throws(AddressSetDecodingError) {
        var reader = VarintReader(bytes)
        let version = try reader.readByte()
        guard version == Self.encodingVersion else {
            throw AddressSetDecodingError(code: .unknownVersion, message: "address set of unknown version \(version)")
        }
        let v4 = try DisjointRanges<UInt32>(from: &reader)
        let v6 = try DisjointRanges<UInt128>(from: &reader)
        guard reader.isAtEnd else {
            throw AddressSetDecodingError(code: .malformed, message: "address set followed by further bytes")
        }
        self.init(v4: v4, v6: v6)
    }
}

extension DisjointRanges {
    fileprivate func encode(into bytes: inout [UInt8]) {
        bytes.appendVarint(UInt64(ranges.count))
        var nearestStart: Bound = 0
        for range in ranges {
            bytes.appendVarint(range.lowerBound - nearestStart)
            bytes.appendVarint(range.upperBound - range.lowerBound)
            // Wraps only past the end of the address space, where no further range can follow.
            nearestStart = range.upperBound &+ 2
        }
    }

    fileprivate init(from reader: inout VarintReader) throws(AddressSetDecodingError) {
        let count = try reader.readVarint(UInt64.self)
        var ranges: [ClosedRange<Bound>] = []
        var nearestStart: Bound? = 0
        for _ in 0..<count {
            let distance = try reader.readVarint(Bound.self)
            let span = try reader.readVarint(Bound.self)
            guard
                let lower = nearestStart?.addingIfRepresentable(distance),
                let upper = lower.addingIfRepresentable(span)
            else {
                throw AddressSetDecodingError(code: .malformed, message: "address set beyond the address space")
            }
            ranges.append(lower...upper)
            nearestStart = upper.addingIfRepresentable(2)
        }
        self.init(normal: ranges)
    }
}

extension FixedWidthInteger {
    fileprivate func addingIfRepresentable(_ other: Self) -> Self? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}
