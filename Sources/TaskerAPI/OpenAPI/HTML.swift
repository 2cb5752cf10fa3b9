/// Pieces of HTML.
enum HTML {
    /// Text that cannot be taken for markup, also in attributes.
    static func escape(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
    }

    /// Words in which backticks enclose code, as in Markdown.
    static func text(_ words: String) -> String {
        words.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { index, part in
                index.isMultiple(of: 2) ? escape(String(part)) : "<code>\(escape(String(part)))</code>"
            }
            .joined()
    }

    /// A table of cells that are HTML already.
    static func table(_ titles: [String], _ rows: [[String]]) -> String {
        let head = "<tr>" + titles.map { "<th>\($0)</th>" }.joined() + "</tr>"
        let body = rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }
        return "<table>\n\(([head] + body).joined(separator: "\n"))\n</table>"
    }
}
