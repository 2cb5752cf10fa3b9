/// A file of environment variables in the usual `.env` form.
///
/// Understood are comments, `export`, quotes (literal in `'`, with `\n \t \" \\ \$` in `"`) and CRLF. There is no
/// interpolation. The provider of swift-configuration knows neither quotes nor `export`, and drops lines that it cannot
/// read; here they are problems.
struct EnvironmentFile {
    private(set) var variables: [(name: String, value: String)] = []
    private(set) var problems: [SettingsError.Problem] = []

    init(parsing text: String, path: String) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            if let variable = Self.parse(line) {
                variables.append(variable)
            } else {
                let message = "is not a variable; allowed: NAME=VALUE, with or without quotes"
                problems.append(SettingsError.Problem(name: "\(path), line \(index + 1),", message: message))
            }
        }
    }

    private static func parse(_ line: Substring) -> (name: String, value: String)? {
        guard let equals = line.firstIndex(of: "=") else { return nil }
        var name = line[..<equals]
        if name.hasPrefix("export "), let start = name.dropFirst(7).firstIndex(where: { !$0.isWhitespace }) {
            name = name[start...]
        }
        while name.last?.isWhitespace == true { name.removeLast() }
        let isName = name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
        }
        guard !name.isEmpty, isName, name.first?.isNumber == false,
            let value = parseValue(line[line.index(after: equals)...])
        else { return nil }
        return (String(name), value)
    }

    private static func parseValue(_ text: Substring) -> String? {
        let start = text.drop { $0.isWhitespace }
        guard let quote = start.first, quote == "'" || quote == "\"" else { return parseUnquoted(text) }
        var value = ""
        var rest = start.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let comment = rest.drop { $0.isWhitespace }
                return comment.isEmpty || comment.hasPrefix("#") ? value : nil
            }
            if character == "\\", quote == "\"" {
                guard let escaped = rest.popFirst() else { return nil }
                switch escaped {
                case "n": value.append("\n")
                case "t": value.append("\t")
                case "\"", "\\", "$": value.append(escaped)
                default: value += ["\\", escaped]
                }
            } else {
                value.append(character)
            }
        }
        return nil
    }

    /// The text up to a `#` after white space.
    private static func parseUnquoted(_ text: Substring) -> String {
        var end = text.endIndex
        var isAfterSpace = false
        for index in text.indices {
            if isAfterSpace, text[index] == "#" {
                end = index
                break
            }
            isAfterSpace = text[index].isWhitespace
        }
        var value = text[..<end].drop { $0.isWhitespace }
        while value.last?.isWhitespace == true { value.removeLast() }
        return String(value)
    }
}
