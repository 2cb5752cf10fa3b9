import Logging

/// A record as one line, for people.
struct TextLogEncoder: LogRecordEncoder {
    func encode(_ record: LogRecord) -> String {
        let level = record.level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 8 - level.count))
        let fields = record.sortedMetadata.map { " \(Self.visible($0.key))=\(Self.quoted("\($0.value)"))" }
        return "\(record.timeText) \(level)\(padding) \(record.logger): \(Self.visible(record.message))"
            + fields.joined()
    }

    /// In quotes where it would not be clear where the value ends.
    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.isEmpty || value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
        let text = visible(value)
        return needsQuotes ? "\"\(text.replacing("\"", with: "\\\""))\"" : text
    }

    /// Without control characters, which could start a line or steer a terminal.
    private static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar.properties.generalCategory == .control {
                result += scalar.escaped(asASCII: true)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
