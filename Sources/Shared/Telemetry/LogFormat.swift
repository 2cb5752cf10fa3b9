/// How log records look.
public enum LogFormat: String, CaseIterable, Hashable, Sendable {
    /// ``text`` where standard error is a terminal, else ``json``.
    case auto
    /// One JSON object a line.
    case json
    /// One line for people.
    case text
}
