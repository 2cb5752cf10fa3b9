import Logging

/// A record as one JSON object, for machines.
struct JSONLogEncoder: LogRecordEncoder {
    let service: String

    func encode(_ record: LogRecord) -> String {
        var line = "{\"time\":\"\(record.timeText)\",\"level\":\"\(record.level.rawValue)\",\"service\":"
        Self.append(service, to: &line)
        line += ",\"logger\":"
        Self.append(record.logger, to: &line)
        line += ",\"message\":"
        Self.append(record.message, to: &line)
        if !record.metadata.isEmpty {
            line += ",\"metadata\":"
            Self.append(.dictionary(record.metadata), to: &line)
        }
        return line + "}"
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout String) {
        switch value {
        case .string(let text):
            append(text, to: &line)
        case .stringConvertible(let value):
            append(value.description, to: &line)
        case .array(let values):
            appendList("[", values, "]", to: &line) { append($0, to: &$1) }
        case .dictionary(let members):
            appendList("{", members.sorted { $0.key < $1.key }, "}", to: &line) { member, line in
                append(member.key, to: &line)
                line += ":"
                append(member.value, to: &line)
            }
        }
    }

    private static func appendList<Element>(
        _ start: String,
        _ elements: [Element],
        _ end: String,
        to line: inout String,
        _ append: (Element, inout String) -> Void
    ) {
        line += start
        for (index, element) in elements.enumerated() {
            if index > 0 { line += "," }
            append(element, &line)
        }
        line += end
    }

    private static func append(_ text: String, to line: inout String) {
        line += "\""
        if text.utf8.allSatisfy(isPlain) {
            line += text
        } else {
            appendEscaped(text, to: &line)
        }
        line += "\""
    }

    /// Whether a byte stands for itself in JSON and is printable ASCII, as nearly all text of records is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func appendEscaped(_ text: String, to line: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
    }
}
