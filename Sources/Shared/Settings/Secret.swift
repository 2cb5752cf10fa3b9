/// A password or token. Printing it, alone or inside anything else, shows none of it.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself, for the place that needs it.
    public let value: String

    /// Keeps a secret.
    public init(_ value: String) {
        self.value = value
    }

    /// Never the secret.
    public var description: String { "(secret)" }

    /// Never the secret.
    public var debugDescription: String { description }

    /// Nothing, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
