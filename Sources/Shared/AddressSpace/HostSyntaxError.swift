/// Why a text does not say what to scan.
public struct HostSyntaxError: Error, Hashable, Sendable {
    /// What kind of fault was found.
    public enum Code: Hashable, Sendable {
        /// There is no text.
        case empty

        /// No name could be that long.
        case tooLong

        /// A space, a control character or one that is not ASCII.
        case forbiddenCharacter

        /// Something that looks like an IPv4 or IPv6 address and is none.
        case address

        /// A prefix length that the address cannot have.
        case prefix

        /// A range without an end, or with one before its beginning.
        case range

        /// Something that looks like a name and is no fully qualified one.
        case hostname
    }

    /// What kind of fault was found.
    public let code: Code

    /// The fault in words, in printable ASCII, naming the part that is wrong.
    public let message: String

    /// False: the text has to be corrected first.
    public var isRetryable: Bool { false }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension HostSyntaxError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
