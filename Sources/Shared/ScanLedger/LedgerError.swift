import HTTPTransport

/// Why ScanLedger did not do what was asked.
public struct LedgerError: Error, Hashable, Sendable {
    /// What a caller can act on.
    public enum Code: Hashable, Sendable {
        /// It was not reached, did not answer in time, or said that it is overloaded or away (429, 502, 503, 504).
        case unavailable
        /// The token is not known, or has expired (401).
        case unauthorised
        /// The token may not do this (403).
        case forbidden
        /// There is no such project or host (404).
        case notFound
        /// What was sent is larger than it takes (413), or its answer larger than is read here.
        case tooLarge
        /// It refused the request for another reason; a report that it cannot read is a 500.
        case rejected
        /// It answered with something that is not what the interface promises.
        case unreadable
    }

    /// What a caller can act on.
    public let code: Code
    /// The status it answered with; nil where there was no answer.
    public let status: Int?
    /// What was asked and how it went, for a person. Never holds a token or a body.
    public let message: String
    /// Whether a write may have taken effect all the same. False for reads.
    public let mayHaveBeenApplied: Bool
    /// How long it asks to be left alone.
    public let retryAfter: Duration?

    /// An error; see the properties.
    public init(
        code: Code,
        status: Int? = nil,
        message: String,
        mayHaveBeenApplied: Bool = false,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.mayHaveBeenApplied = mayHaveBeenApplied
        self.retryAfter = retryAfter
    }

    /// Whether the same call may succeed later: true for all that an outage can look like.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .unreadable: true
        case .rejected: (status ?? 0) >= 500
        case .unauthorised, .forbidden, .notFound, .tooLarge: false
        }
    }
}

extension LedgerError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}

extension LedgerError {
    /// The error of a request that got no answer.
    init(_ error: HTTPTransportError, call: String, isWrite: Bool) {
        let code: Code =
            switch error.code {
            case .unreachable, .timedOut, .tls, .cancelled, .other: .unavailable
            case .tooLarge: .tooLarge
            case .invalidRequest: .rejected
            }
        self.init(
            code: code,
            message: "\(call): \(error)",
            mayHaveBeenApplied: isWrite && error.mayHaveReachedServer
        )
    }

    /// The error of an answer that is not a success.
    ///
    /// A 4xx is ScanLedger's refusal before it did anything. Behind a 5xx it, or a proxy before it, may have begun.
    init(_ response: HTTPTransportResponse, call: String, isWrite: Bool) {
        let code: Code =
            switch response.status {
            case 401: .unauthorised
            case 403: .forbidden
            case 404: .notFound
            case 413: .tooLarge
            case 408, 429, 502, 503, 504: .unavailable
            case 400..<600: .rejected
            default: .unreadable
            }
        self.init(
            code: code,
            status: response.status,
            message: "\(call) was answered with \(response.status)",
            mayHaveBeenApplied: isWrite && !(400..<500).contains(response.status),
            retryAfter: response.retryAfter
        )
    }
}

extension HTTPTransportResponse {
    /// `Retry-After` in seconds (RFC 9110, section 10.2.3), at most an hour. The form with a date is not used here.
    fileprivate var retryAfter: Duration? {
        guard let text = headers["Retry-After"], let seconds = Int(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 3600))
    }
}
