/// Why a command has no result.
public struct RedisError: Error, Hashable, Sendable {
    /// What went wrong, and with it whether the command may have taken effect.
    public enum Code: Hashable, Sendable {
        /// The command was never sent: no connection in time, too many commands pending, or the client has stopped.
        case unavailable
        /// The connection went away after the command was sent.
        case connectionLost
        /// The deadline passed after the command was sent.
        case timedOut
        /// The calling task was cancelled.
        case cancelled
        /// The server's reply could not be understood; the connection was closed.
        case protocolViolation
        /// The command cannot be sent as it is: it is empty or too large.
        case invalidCommand
        /// The server, or a script, answered with an error whose first word this is.
        case server(String)
    }

    /// What went wrong.
    public var code: Code
    /// The details, for a log or an operator.
    public var message: String

    /// Makes an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Makes the error of a command that the server refused.
    public init(_ error: RedisServerError) {
        self.init(code: .server(error.code), message: error.message)
    }

    /// Whether the same command may well succeed later.
    ///
    /// Where ``mayHaveBeenApplied`` is true too, only an idempotent command may be repeated blindly.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .connectionLost, .timedOut: true
        case .cancelled, .protocolViolation, .invalidCommand: false
        case .server(let code): RedisServerError.passingCodes.contains(code)
        }
    }

    /// Whether the command may have taken effect although it has no result.
    ///
    /// False for an answer of the server. A script that fails half-way keeps what it wrote before; that is for the
    /// script's author to know.
    public var mayHaveBeenApplied: Bool {
        switch code {
        case .connectionLost, .timedOut, .cancelled, .protocolViolation: true
        case .unavailable, .invalidCommand, .server: false
        }
    }
}

extension RedisError: CustomStringConvertible {
    /// The code and the message.
    public var description: String {
        switch code {
        case .server(let code): "\(code) \(message)"
        case .unavailable, .connectionLost, .timedOut, .cancelled, .protocolViolation, .invalidCommand:
            "\(code): \(message)"
        }
    }
}
