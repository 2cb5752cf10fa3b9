/// An error line of the server, or of a script, split at its first space.
public struct RedisServerError: Error, Hashable, Sendable {
    /// The first word, for example `NOSCRIPT`, `OOM`, or a script's own `FENCED`.
    public var code: String
    /// What follows the first word.
    public var message: String

    /// Makes an error from its parts.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// Splits an error line.
    init(line: String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(code: String(parts[0]), message: parts.count > 1 ? String(parts[1]) : "")
    }

    /// Conditions of the server that pass, as opposed to faults of the command.
    static let passingCodes: Set<String> = [
        "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY", "TRYAGAIN",
    ]
}

extension RedisServerError: CustomStringConvertible {
    /// The error line.
    public var description: String {
        message.isEmpty ? code : "\(code) \(message)"
    }
}
