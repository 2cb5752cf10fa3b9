/// Why bytes are not an encoded address set.
public struct AddressSetDecodingError: Error, Hashable, Sendable {
    /// What kind of fault was found.
    public enum Code: Hashable, Sendable {
        /// Written by another version of the encoding.
        case unknownVersion

        /// The bytes end too early.
        case truncated

        /// The bytes are none that `AddressSet.encoded()` writes.
        case malformed
    }

    /// What kind of fault was found.
    public let code: Code

    /// The fault in words.
    public let message: String

    /// False: the same bytes stay unreadable.
    public var isRetryable: Bool { false }
}
