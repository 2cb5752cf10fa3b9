import RedisClient

/// Why the store could not do what was asked.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Sendable, Hashable {
        /// Redis is away, or its answer did not come.
        case unavailable
        /// The caller does not lead any more and must stop acting.
        case fenced
        /// A limit of the installation is reached.
        case limit
        /// The idempotency key was used for another request.
        case conflict
        /// The installation's data is another one's, or gone.
        case foreignInstallation
        /// What is stored cannot be read.
        case corrupt
        /// Redis refused for another reason: out of memory, read-only, a wrong type.
        case refused
    }

    /// What a caller can act on.
    public let code: Code
    /// In words, without secrets.
    public let message: String
    /// Whether a write may have happened all the same.
    public let mayHaveBeenApplied: Bool

    /// Whether the same call may succeed later.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .refused: true
        case .fenced, .limit, .conflict, .foreignInstallation, .corrupt: false
        }
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// An error of the given parts.
    public init(_ code: Code, _ message: String, mayHaveBeenApplied: Bool = false) {
        self.code = code
        self.message = message
        self.mayHaveBeenApplied = mayHaveBeenApplied
    }

    init(_ foreign: ForeignInstallation) {
        self.init(.foreignInstallation, foreign.description)
    }

    init(_ error: RedisError) {
        switch error.code {
        case .server("FENCED"): self.init(.fenced, error.message)
        case .server("LIMIT"): self.init(.limit, error.message)
        case .server("CONFLICT"): self.init(.conflict, error.message)
        case .server("FOREIGN"): self.init(.foreignInstallation, error.message)
        case .server: self.init(.refused, "\(error)")
        case .unavailable, .connectionLost, .timedOut, .cancelled, .protocolViolation, .invalidCommand:
            self.init(.unavailable, "\(error)", mayHaveBeenApplied: error.mayHaveBeenApplied)
        }
    }
}
