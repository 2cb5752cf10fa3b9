extension IPAddress: LosslessStringConvertible {
    /// Reads an address strictly: what two programs could read differently is refused.
    ///
    /// IPv4 takes four decimal octets in ASCII digits without leading zeros (which some resolvers read as octal). IPv6
    /// takes the forms of RFC 4291 section 2.2, a dotted tail included; `::` stands for at least one group, and a zone
    /// (`%eth0`) is refused.
    public init?(_ description: String) {
        self.init(description[...])
    }

    init?(_ text: Substring) {
        if text.utf8.contains(.colon) {
            guard let value = UInt128(ipv6: text.utf8) else { return nil }
            self = .v6(value)
        } else {
            guard let value = UInt32(dottedQuad: text.utf8) else { return nil }
            self = .v4(value)
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text: dotted decimal, or RFC 5952, where IPv4-mapped addresses end in dotted decimal (section 5).
    public var description: String {
        switch self {
        case .v4(let value): Self.dottedQuad(value)
        case .v6(let value) where value >> 32 == 0xffff:
            "::ffff:" + Self.dottedQuad(UInt32(truncatingIfNeeded: value))
        case .v6(let value): Self.colonHexadecimal(value)
        }
    }

    private static func dottedQuad(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
    }

    /// RFC 5952 section 4: lower case, no leading zeros, `::` for the first of the longest runs of two or more zero groups.
    private static func colonHexadecimal(_ value: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> (112 - 16 * $0)) }
        let joined = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard let zeros = longestZeroRun(in: groups) else { return joined(groups[...]) }
        return joined(groups[..<zeros.lowerBound]) + "::" + joined(groups[zeros.upperBound...])
    }

    private static func longestZeroRun(in groups: [UInt16]) -> Range<Int>? {
        var longest = 0..<1
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<(index + 1)
            }
        }
        return longest.count > 1 ? longest : nil
    }
}

extension UInt32 {
    /// Four decimal octets without leading zeros, separated by dots.
    fileprivate init?(dottedQuad text: Substring.UTF8View) {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if byte == .dot {
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            } else {
                guard let digit = byte.decimalDigitValue, digits == 0 || octet > 0 else { return nil }
                octet = octet * 10 + UInt32(digit)
                digits += 1
                guard octet <= 255 else { return nil }
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        self = value << 8 | octet
    }
}

extension UInt128 {
    /// Groups of one to four hexadecimal digits; at most one `::`; the last two groups possibly as a dotted quad.
    fileprivate init?(ipv6 text: Substring.UTF8View) {
        var value: UInt128 = 0
        var groups = 0
        var groupsBeforeGap: Int?
        var rest = text
        if rest.starts(with: "::".utf8) {
            groupsBeforeGap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let part = rest.prefix { $0 != .colon }
            rest = rest[part.endIndex...]
            if rest.isEmpty, let quad = UInt32(dottedQuad: part) {
                value = value << 32 | UInt128(quad)
                groups += 2
            } else {
                guard let group = UInt16(hexadecimalGroup: part) else { return nil }
                value = value << 16 | UInt128(group)
                groups += 1
            }
            guard groups <= 8 else { return nil }
            if rest.isEmpty { break }

            rest = rest.dropFirst()
            guard let next = rest.first else { return nil }
            if next == .colon {
                guard groupsBeforeGap == nil else { return nil }
                groupsBeforeGap = groups
                rest = rest.dropFirst()
            }
        }

        guard let groupsBeforeGap else {
            guard groups == 8 else { return nil }
            self = value
            return
        }
        guard groups < 8 else { return nil }
        let tailBits = 16 * (groups - groupsBeforeGap)
        let tail = value & ((1 << tailBits) - 1)
        self = (value >> tailBits) << (128 - 16 * groupsBeforeGap) | tail
    }
}

extension UInt16 {
    fileprivate init?(hexadecimalGroup text: Substring.UTF8View) {
        var value: UInt16 = 0
        var digits = 0
        for byte in text {
            guard digits < 4, let digit = byte.hexadecimalDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
            digits += 1
        }
        guard digits > 0 else { return nil }
        self = value
    }
}
