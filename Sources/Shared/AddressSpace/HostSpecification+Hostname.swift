extension HostSpecification {
    /// The longest name the DNS can hold (RFC 1035 section 2.3.4), in text without the trailing dot.
    static let maximumNameLength = 253

    private static let maximumLabelLength = 63

    /// A fully qualified name: a domain name of two labels or more.
    ///
    /// These are the names the original accepts, and international top-level domains and a trailing dot besides.
    static func hostname(_ text: String) throws(HostSyntaxError) -> String {
        let name = try domainName(text)
        guard name.utf8.contains(.dot) else {
            throw HostSyntaxError(
                .hostname,
                "\"\(text)\" is not a full host name: give it with its domain, such as host.example.com"
            )
        }
        return name
    }

    /// Labels of letters, digits and inner hyphens, the last one of letters alone or an `xn--` label; in lower case,
    /// without the trailing dot.
    static func domainName(_ text: String) throws(HostSyntaxError) -> String {
        let name = (text.utf8.last == .dot ? text.dropLast() : text[...]).lowercased()
        guard name.utf8.count <= maximumNameLength else {
            throw HostSyntaxError(
                .tooLong,
                "the host name is \(name.utf8.count) bytes long; at most \(maximumNameLength) are possible"
            )
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            if let fault = fault(ofLabel: label) {
                throw HostSyntaxError(.hostname, "\"\(text)\" is not a host name: \(fault)")
            }
        }
        let topLevel = labels[labels.endIndex - 1]
        let isAlphabetic = topLevel.utf8.count > 1 && topLevel.utf8.allSatisfy(\.isASCIILetter)
        guard isAlphabetic || topLevel.hasPrefix("xn--") else {
            throw HostSyntaxError(
                .hostname,
                "\"\(text)\" is not a host name: there is no top-level domain like \"\(topLevel)\""
            )
        }
        return name
    }

    private static func fault(ofLabel label: Substring) -> String? {
        if label.isEmpty {
            return "it has an empty label"
        }
        if label.utf8.count > maximumLabelLength {
            return "the label \"\(label)\" is longer than \(maximumLabelLength) characters"
        }
        if label.utf8.first == .hyphen || label.utf8.last == .hyphen {
            return "the label \"\(label)\" begins or ends with a hyphen"
        }
        let stranger = label.utf8.first { !$0.isASCIILetter && $0.decimalDigitValue == nil && $0 != .hyphen }
        return stranger.map { "\"\(Unicode.Scalar($0))\" does not belong there" }
    }
}
