/// Why a request has no answer.
public struct HTTPTransportError: Error, Hashable, Sendable {
    /// What went wrong, as far as a caller can act on it.
    public enum Code: Hashable, Sendable {
        /// The host name did not resolve, or nobody accepted the connection.
        case unreachable
        /// The deadline or the connect timeout passed.
        case timedOut
        /// The TLS handshake failed, or the peer's certificate was not accepted.
        case tls
        /// The response is larger than the request allows.
        case tooLarge
        /// The calling task was cancelled, or the transport has been shut down.
        case cancelled
        /// The request cannot be sent as it is, for example because a header value holds a line break.
        case invalidRequest
        /// Anything else, mostly a connection that was lost on the way.
        case other
    }

    /// What went wrong.
    public var code: Code
    /// The cause, for a person. Never holds header values or bodies.
    public var message: String
    /// Whether the server may have seen the request. `false` only if not a byte of it was sent.
    public var mayHaveReachedServer: Bool

    /// An error; see the properties.
    public init(code: Code, message: String, mayHaveReachedServer: Bool) {
        self.code = code
        self.message = message
        self.mayHaveReachedServer = mayHaveReachedServer
    }

    /// Whether the same request may succeed later. Whether it may be repeated at all is for the caller to judge, who
    /// knows what it does and has `mayHaveReachedServer`.
    public var isRetryable: Bool {
        switch code {
        case .unreachable, .timedOut, .tls, .other: true
        case .tooLarge, .cancelled, .invalidRequest: false
        }
    }
}

extension HTTPTransportError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
