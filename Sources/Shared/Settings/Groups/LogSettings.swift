/// What is logged, and how it looks.
public struct LogSettings: Hashable, Sendable {
    /// The least important records that are written. Raw values are those of swift-log.
    public enum Level: String, CaseIterable, Hashable, Sendable {
        /// Everything.
        case debug
        /// What happens in normal operation.
        case info
        /// What somebody should look at.
        case warning
        /// What does not work.
        case error
        /// What ends the process.
        case critical
    }

    /// How a record looks.
    public enum Format: String, CaseIterable, Hashable, Sendable {
        /// ``text`` on a terminal, else ``json``.
        case auto
        /// One JSON object a line.
        case json
        /// One line for people.
        case text
    }

    /// The least important records that are written.
    public var level: Level
    /// How a record looks.
    public var format: Format

    init(_ read: inout SettingsReader) {
        level = read(Self.level)
        format = read(Self.format)
    }

    static let level = Setting(
        "logger_level",
        .word(Level.self),
        standard: .info,
        "Least important log records written."
    )
    static let format = Setting(
        "log_format",
        .word(Format.self),
        standard: .auto,
        "Form of log records on standard error; auto is text on a terminal and json elsewhere."
    )

    static let entries = [level.entry(.all), format.entry(.all)]
}
