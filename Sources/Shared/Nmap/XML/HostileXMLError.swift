/// Why bytes from a worker were not taken for a report or a host.
///
/// Reports come from machines in hostile networks, so what is broken and what is meant to harm are told apart only by
/// the code. No message quotes the document.
public struct HostileXMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of refusal.
    public enum Code: Hashable, Sendable {
        /// More bytes than allowed.
        case tooLarge
        /// More elements inside one another than allowed.
        case tooDeep
        /// More elements and attributes than allowed.
        case tooManyNodes
        /// A document type with an internal subset or an external identifier, or any other declaration.
        case declaration
        /// Not UTF-8, declared as something else, or holding a character that XML 1.0 forbids.
        case encoding
        /// Against XML's grammar, or against the part of it that nmap uses.
        case notWellFormed
        /// Well-formed, but not what nmap writes or ScanLedger can import.
        case unexpectedContent
    }

    /// The kind of refusal.
    public let code: Code

    /// What was wrong, and where.
    public let message: String

    /// Always false: the same bytes will be refused again. Scanning again is another matter.
    public var isRetryable: Bool { false }

    /// The message.
    public var description: String { message }
}
