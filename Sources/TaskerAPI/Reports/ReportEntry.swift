import AddressSpace
import ScanModel

/// One line of a report: a target, or something that was refused.
struct ReportEntry: Hashable, Sendable {
    /// The address; nil for a name that has none.
    var address: IPAddress?
    /// The user's names for it.
    var hostnames: [String]
    /// Where it stands.
    var standing: TargetStanding
    /// Why.
    var reason: String?
    /// More words on the reason.
    var detail: String?
    /// The scan that covers it, where that is why it was refused.
    var coveringScan: String?
}

extension ReportEntry {
    /// Appends the entry as a JSON object in one line, without the line's end.
    ///
    /// By hand, because a report has millions of lines: `JSONEncoder` takes tens of microseconds for each.
    func append(to bytes: inout [UInt8]) {
        bytes.append(literal: #"{"ip":"#)
        if let address {
            bytes.append(UInt8(ascii: "\""))
            bytes.append(address)
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(literal: "null")
        }
        bytes.append(literal: #","hostnames":["#)
        for (index, name) in hostnames.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(json: name)
        }
        bytes.append(literal: #"],"outcome":""#)
        bytes.append(contentsOf: standing.rawValue.utf8)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(member: #","reason":"#, reason)
        bytes.append(member: #","detail":"#, detail)
        bytes.append(member: #","covered_by":"#, coveringScan)
        bytes.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    /// Appends text of the program's own, as it is.
    mutating func append(literal: StaticString) {
        literal.withUTF8Buffer { append(contentsOf: $0) }
    }

    /// Appends a string in quotes; what must not stand in a JSON string is escaped (RFC 8259, section 7).
    mutating func append(json text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append(literal: #"\""#)
            case UInt8(ascii: "\\"): append(literal: #"\\"#)
            case UInt8(ascii: "\n"): append(literal: #"\n"#)
            case UInt8(ascii: "\r"): append(literal: #"\r"#)
            case UInt8(ascii: "\t"): append(literal: #"\t"#)
            case 0x00...0x1F:
                append(literal: #"\u00"#)
                append(hexadecimalDigit: byte >> 4)
                append(hexadecimalDigit: byte & 0xF)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    fileprivate mutating func append(member name: StaticString, _ value: String?) {
        guard let value else { return }
        append(literal: name)
        append(json: value)
    }

    fileprivate mutating func append(_ address: IPAddress) {
        switch address {
        case .v4(let value):
            append(decimal: UInt8(truncatingIfNeeded: value >> 24))
            append(UInt8(ascii: "."))
            append(decimal: UInt8(truncatingIfNeeded: value >> 16))
            append(UInt8(ascii: "."))
            append(decimal: UInt8(truncatingIfNeeded: value >> 8))
            append(UInt8(ascii: "."))
            append(decimal: UInt8(truncatingIfNeeded: value))
        case .v6: append(contentsOf: address.description.utf8)
        }
    }

    private mutating func append(decimal octet: UInt8) {
        if octet >= 100 { append(UInt8(ascii: "0") + octet / 100) }
        if octet >= 10 { append(UInt8(ascii: "0") + octet / 10 % 10) }
        append(UInt8(ascii: "0") + octet % 10)
    }

    private mutating func append(hexadecimalDigit digit: UInt8) {
        append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}

extension ReportEntry {
    static let schema = Schema.object([
        .required("ip", Schema.string().orNull, "Null for a name without an address."),
        .required("hostnames", .array(of: .string())),
        .required("outcome", .choice(of: TargetStanding.self)),
        .optional("reason", .choice(reasons)),
        .optional("detail", .string()),
        .optional("covered_by", .uuid, "The scan that covers it, where that is why it was refused."),
    ]).named("Target")

    private static let reasons = Set(FailureReason.allCases.map(\.rawValue) + RefusalReason.allCases.map(\.rawValue))
        .sorted()
}
