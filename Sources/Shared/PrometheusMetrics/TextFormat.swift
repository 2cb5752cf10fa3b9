/// Prometheus' text exposition format, version 0.0.4.
enum TextFormat {
    static func text(of families: [String: Family]) -> String {
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            if !family.help.isEmpty { text += "# HELP \(name) \(escaped(family.help, quotes: false))\n" }
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                for sample in series.samples {
                    let own = sample.label.map { self.labels([$0]) } ?? ""
                    let all = [labels, own].filter { !$0.isEmpty }.joined(separator: ",")
                    text += "\(name)\(sample.suffix)\(all.isEmpty ? "" : "{\(all)}") \(number(sample.value))\n"
                }
            }
        }
        return text
    }

    /// The labels of a series, without the braces.
    static func labels(_ dimensions: [(name: String, value: String)]) -> String {
        dimensions.map { "\(name($0.name))=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    /// A metric's or a label's name: letters, digits and underscores, and no digit first.
    static func name(_ label: String) -> String {
        let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isNumber != false ? "_\(name)" : name
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
