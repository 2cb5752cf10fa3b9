extension HostSpecification {
    /// A text with a colon or a slash: an IPv6 address, or a network of either family.
    static func addressOrPrefix(
        _ text: String,
        networks: NetworkExtent
    ) throws(HostSyntaxError) -> AddressRange {
        guard !text.contains("://") else {
            throw HostSyntaxError(.address, "\"\(text)\" is a URL; give its host alone")
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let address = try ipAddress(parts[0])
        guard parts.count == 2 else { return AddressRange(address) }

        let (family, longest) = address.family == .v4 ? ("IPv4", 32) : ("IPv6", 128)
        guard
            let length = UInt8(strictDecimal: parts[1]),
            let prefix = IPPrefix(address: address, length: Int(length))
        else {
            throw HostSyntaxError(
                .prefix,
                "the prefix length of an \(family) network is a number from 0 to \(longest), not \"\(parts[1])\""
            )
        }
        return switch networks {
        case .hosts: prefix.hostRange
        case .whole: prefix.range
        }
    }

    /// A text of digits, dots and hyphens.
    static func ipv4AddressOrRange(_ text: String) throws(HostSyntaxError) -> AddressRange {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let lower = try ipAddress(parts[0])
        guard parts.count == 2 else { return AddressRange(lower) }

        let upper = try upperEnd(parts[1], above: lower)
        guard let range = AddressRange(lower, upper) else {
            throw HostSyntaxError(.range, "the range ends at \(upper), before its beginning \(lower)")
        }
        return range
    }

    /// The upper end of a range: an address, or the last octet of one that is else equal to `lower`.
    private static func upperEnd(_ text: Substring, above lower: IPAddress) throws(HostSyntaxError) -> IPAddress {
        guard !text.utf8.contains(.dot), case .v4(let value) = lower else { return try ipAddress(text) }
        guard let octet = UInt8(strictDecimal: text) else {
            throw HostSyntaxError(
                .range,
                "a range ends in an IPv4 address or a last octet from 0 to 255, not \"\(text)\""
            )
        }
        return .v4(value & 0xffff_ff00 | UInt32(octet))
    }

    private static func ipAddress(_ text: Substring) throws(HostSyntaxError) -> IPAddress {
        if let address = IPAddress(text) { return address }
        throw HostSyntaxError(.address, "\"\(text)\" is not \(faultOfAddress(text))")
    }

    /// Ends the sentence `"text" is not ...` with what it was taken for and why it is not that.
    private static func faultOfAddress(_ text: Substring) -> String {
        switch text.utf8.count(where: { $0 == .colon }) {
        case 0: "an IPv4 address: \(faultOfIPv4(text))"
        case 1: "an IPv6 address; if the colon is followed by a port, leave that out"
        default:
            switch text.utf8.first(where: { $0.hexadecimalDigitValue == nil && !".:".utf8.contains($0) }) {
            case UInt8(ascii: "%"): "an IPv6 address that can be scanned from elsewhere: it has a zone"
            case .hyphen: "an IPv6 address; IPv6 ranges are written as networks, such as 2001:db8::/120"
            case let byte?: "an IPv6 address: \"\(Unicode.Scalar(byte))\" does not belong there"
            case nil: "an IPv6 address: it takes eight groups of up to four digits, or fewer and one \"::\""
            }
        }
    }

    private static func faultOfIPv4(_ text: Substring) -> String {
        let octets = text.split(separator: ".", omittingEmptySubsequences: false)
        guard octets.count == 4, let octet = octets.first(where: { UInt8(strictDecimal: $0) == nil }) else {
            return "it takes four numbers separated by dots"
        }
        let isNumber = !octet.isEmpty && octet.utf8.allSatisfy { $0.decimalDigitValue != nil }
        guard isNumber else { return "\"\(octet)\" is not a number" }
        return octet.first == "0" ? "\"\(octet)\" has a leading zero" : "\"\(octet)\" is over 255"
    }
}
