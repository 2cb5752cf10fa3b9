/// Everything that is wrong with the settings, at once, so that one look is enough to mend it.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The setting, or the file and line.
        public let name: String
        /// What is wrong with it and what is allowed. Quotes the value, except for a secret.
        public let message: String

        /// Both, on one line.
        public var description: String { "\(name) \(message)" }
    }

    /// What is wrong, in the order of the reference.
    public let problems: [Problem]

    /// A line for each problem.
    public var description: String {
        problems.map { "\($0)" }.joined(separator: "\n")
    }
}
