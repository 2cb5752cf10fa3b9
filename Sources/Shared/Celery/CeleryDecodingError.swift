/// A message on the broker that is not what Celery sends. The message is to be set aside: reading it again cannot help.
public struct CeleryDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: Hashable, Sendable {
        /// The body is not JSON by its content type.
        case unsupportedContentType
        /// The body is larger than, or has more elements than, this kind of message may.
        case tooLarge
        /// The body is not JSON, or is JSON of another shape.
        case malformed
        /// A worker answered with an error of its own.
        case workerError
    }

    /// What is wrong.
    public let code: Code
    /// What is wrong, for people. Names fields, and never quotes a body.
    public let message: String
    /// Always false: the same bytes stay wrong.
    public var isRetryable: Bool { false }

    /// The message, for logs.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
