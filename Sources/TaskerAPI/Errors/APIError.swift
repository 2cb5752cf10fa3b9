import HTTPTypes
import Hummingbird

/// An answer that is not a success: a status, and a body `{"detail": ...}` as the original has it.
struct APIError: Error {
    /// What the body says.
    enum Detail: Hashable, Sendable {
        case text(String)
        case issues([ValidationIssue])
    }

    let status: HTTPResponse.Status
    let detail: Detail
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: Detail, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }
}

extension APIError {
    /// The caller is not known, or may not do this; the original does not say which.
    static let unauthenticated = APIError(
        .unauthorized,
        .text("Invalid authentication credentials"),
        headers: [.wwwAuthenticate: "Bearer"]
    )

    /// ScanLedger has no such project.
    static let unknownProject = APIError(.notFound, .text("Project not found"))

    /// The project has no such scan.
    static let unknownScan = APIError(.notFound, .text("Scan not found"))

    /// The body takes too long to arrive; the connection is closed behind the answer.
    static let timeOver = APIError(
        .requestTimeout,
        .text("the body took too long to arrive"),
        headers: [.connection: "close"]
    )

    /// The body is longer than it may be; how long it is, is not known.
    static func tooLarge(limit: Int) -> APIError {
        APIError(.contentTooLarge, .text("the body is longer than \(limit) bytes"))
    }

    /// The body is longer than it may be.
    static func tooLarge(bytes: Int, limit: Int) -> APIError {
        let message = "the body has \(bytes) bytes, \(bytes - limit) more than the \(limit) allowed"
        return APIError(.contentTooLarge, .text(message))
    }

    /// The request is wrong in these places.
    static func invalid(_ issues: [ValidationIssue]) -> APIError {
        APIError(.unprocessableContent, .issues(issues))
    }

    /// Something that this service needs is away.
    static func unavailable(_ message: String, retryAfter: Duration = .seconds(2)) -> APIError {
        let seconds = max(1, retryAfter.components.seconds)
        return APIError(.serviceUnavailable, .text(message), headers: [.retryAfter: "\(seconds)"])
    }

    /// As much of this is going on as may be.
    static func tooManyRequests(_ message: String, retryAfter: Duration = .seconds(10)) -> APIError {
        let seconds = max(1, retryAfter.components.seconds)
        return APIError(.tooManyRequests, .text(message), headers: [.retryAfter: "\(seconds)"])
    }

    /// The path is known, the method is not.
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> APIError {
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        return APIError(.methodNotAllowed, .text("Method Not Allowed"), headers: [.allow: names])
    }
}

extension APIError: CustomStringConvertible {
    /// The status and how much is wrong. Never what the caller sent.
    var description: String {
        switch detail {
        case .text: "\(status.code)"
        case .issues(let issues): "\(status.code), issues: \(issues.count)"
        }
    }
}

extension APIError: HTTPResponseError {
    func response(from request: Request, context: some RequestContext) throws -> Response {
        try response()
    }

    func response() throws -> Response {
        try .json(Body(detail: detail), status: status, headers: headers)
    }

    private struct Body: Encodable {
        let detail: Detail
    }
}

extension APIError.Detail: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .issues(let issues): try container.encode(issues)
        }
    }
}
