extension SettingsReference {
    /// The settings one kind of process reads, for its `--help`.
    public static func help(for processes: Processes) -> String {
        let entries = entries.filter { $0.processes == .all || $0.processes == processes }
        let lines = entries.flatMap { entry in
            ["  \(entry.name)\(note(entry))", "      \(entry.meaning)"]
        }
        return (["SETTINGS (environment variables, or lines of a file .env; in either case):"] + lines)
            .joined(separator: "\n")
    }

    /// The settings as a table in Markdown.
    public static var markdownTable: String {
        let rows = entries.map { entry in
            let standard = entry.isRequired ? "required" : entry.defaultText.isEmpty ? "" : "`\(entry.defaultText)`"
            return "| `\(entry.name)` | \(standard) | \(entry.processes.rawValue) | \(entry.meaning) |"
        }
        return (["| setting | default | read by | meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    /// The text of `.env.example`: every setting with its meaning; those with a standard are commented out.
    public static var exampleFile: String {
        var lines = [
            "# Tasker's settings. Copy to .env and edit; variables of the process environment win over this file.",
            "# A setting that is commented out has the value shown.",
        ]
        for group in groups {
            lines += ["", "# \(group.title)"]
            for entry in group.entries {
                lines += ["", "# \(entry.meaning)", "# Allowed: \(entry.allowed)."]
                let isWritable = !entry.defaultText.contains(" ")
                if !isWritable { lines.append("# Default: \(entry.defaultText).") }
                lines.append("\(entry.isRequired ? "" : "#")\(entry.name)=\(isWritable ? entry.defaultText : "")")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func note(_ entry: Entry) -> String {
        if entry.isRequired { return " (required)" }
        return entry.defaultText.isEmpty ? "" : " (default: \(entry.defaultText))"
    }
}
