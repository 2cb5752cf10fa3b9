/// Why a resolver cannot be made.
public struct NameResolverError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Hashable, Sendable {
        /// The configured list of servers cannot be read.
        case invalidServers
        /// The system refused memory or a file descriptor.
        case outOfResources
    }

    /// What went wrong.
    public var code: Code
    /// The cause, for a person.
    public var message: String

    /// Whether the same may succeed later.
    public var isRetryable: Bool { code == .outOfResources }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
