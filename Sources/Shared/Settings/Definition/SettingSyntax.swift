import Foundation

/// How the text of a setting becomes a value, and the words for what is allowed.
struct SettingSyntax<Value: Sendable>: Sendable {
    let allowed: String
    let parse: @Sendable (String) -> Value?
    /// The inverse of ``parse``, for the reference.
    let text: @Sendable (Value) -> String
    /// What is wrong with a text that ``parse`` does not take, where there is more to say than what is allowed.
    var fault: @Sendable (String) -> String? = { _ in nil }

    /// The same, where nothing set means `nil`.
    var optional: SettingSyntax<Value?> {
        SettingSyntax<Value?>(
            allowed: allowed,
            parse: { [parse] text in parse(text).map { Optional($0) } },
            text: { [text] value in value.map(text) ?? "" },
            fault: fault
        )
    }
}

extension SettingSyntax<Int> {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(
            allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in Int(text.replacing("_", with: "")).flatMap { range.contains($0) ? $0 : nil } },
            text: { String($0) }
        )
    }

    /// A number of bytes, with or without one of the decimal units.
    static func byteCount(_ range: ClosedRange<Int>) -> Self {
        Self(
            allowed:
                "a number of bytes from \(writeByteCount(range.lowerBound)) to \(writeByteCount(range.upperBound))",
            parse: { text in
                UnitNumber(text, units: ["": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000])
                    .flatMap { Int(exactly: $0.value.rounded()) }
                    .flatMap { range.contains($0) ? $0 : nil }
            },
            text: writeByteCount
        )
    }

    private static func writeByteCount(_ count: Int) -> String {
        for (name, size) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)] where count % size == 0 {
            return "\(count / size)\(name)"
        }
        return String(count)
    }
}

extension SettingSyntax<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self(
            allowed: "a time from \(writeDuration(range.lowerBound)) to \(writeDuration(range.upperBound)),"
                + " in seconds or with a unit (ms, s, m, h)",
            parse: { text in
                UnitNumber(text, units: ["": 1_000, "MS": 1, "S": 1_000, "M": 60_000, "H": 3_600_000])
                    .flatMap { Int(exactly: $0.value.rounded()) }
                    .map { Duration.milliseconds($0) }
                    .flatMap { range.contains($0) ? $0 : nil }
            },
            text: writeDuration
        )
    }

    private static func writeDuration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return attoseconds == 0 ? "\(seconds)s" : "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)ms"
    }
}

extension SettingSyntax<Bool> {
    static let flag = Self(
        allowed: "true or false",
        parse: { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        },
        text: { String($0) }
    )
}

extension SettingSyntax where Value: CaseIterable & RawRepresentable<String> {
    /// One of a few words, in any case.
    static func word(_ type: Value.Type = Value.self) -> Self {
        Self(
            allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            parse: { Value(rawValue: $0.lowercased()) },
            text: { $0.rawValue }
        )
    }
}

/// A number with a unit behind it.
private struct UnitNumber {
    let value: Double

    init?(_ text: String, units: [String: Double]) {
        let digits = text.replacing("_", with: "").prefix { $0.isASCII && $0.isNumber || $0 == "." }
        let unit = text.replacing("_", with: "").dropFirst(digits.count)
            .trimmingCharacters(in: .whitespaces).uppercased()
        guard let number = Double(digits), let factor = units[unit] else { return nil }
        value = number * factor
    }
}
