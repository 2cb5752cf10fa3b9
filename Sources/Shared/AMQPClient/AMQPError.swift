/// Why a request to the broker failed.
public struct AMQPError: Error, Hashable, Sendable {
    /// What kind of failure it is.
    public enum Code: Hashable, Sendable {
        /// No connection within the time allowed; the request was never sent.
        case unavailable
        /// The connection was lost; a request that was on its way may have been applied.
        case connectionLost
        /// No answer within the time allowed; the request may have been applied.
        case timedOut
        /// The broker refused the login: 403 for the user or password, 530 for the virtual host.
        case loginRefused(replyCode: UInt16)
        /// TLS failed: the peer's certificate is not trusted, or is another host's.
        case untrustedPeer
        /// The broker closed the request's channel: 404 for a queue or exchange that does not exist, 406 for one that
        /// exists with other properties, 403 for missing permission, 405 for another connection's exclusive queue.
        case channelClosed(replyCode: UInt16)
        /// Too many requests are waiting already; this one was not sent.
        case overloaded
        /// The connection was shut down by its owner; the request was not sent.
        case closed
        /// The request cannot be expressed in the protocol; it was not sent.
        case invalidRequest
        /// The broker sent something this client does not understand; the connection is given up.
        case protocolViolation
    }

    /// What kind of failure it is.
    public var code: Code
    /// What happened, for humans. Never contains a password.
    public var message: String

    /// An error of this kind.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same request may succeed later without anybody changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .connectionLost, .timedOut, .overloaded, .protocolViolation: true
        case .loginRefused, .untrustedPeer, .channelClosed, .closed, .invalidRequest: false
        }
    }

    /// Whether the broker may have carried out the request although it failed.
    public var mayHaveBeenApplied: Bool {
        switch code {
        case .connectionLost, .timedOut, .protocolViolation: true
        case .unavailable, .loginRefused, .untrustedPeer, .channelClosed, .overloaded, .closed, .invalidRequest: false
        }
    }
}

extension AMQPError: CustomStringConvertible {
    /// The kind and the message.
    public var description: String { "\(code): \(message)" }
}
