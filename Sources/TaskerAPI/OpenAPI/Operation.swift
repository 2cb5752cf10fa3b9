import HTTPTypes

/// A route as callers see it: what it takes, what it answers, and who may use it. Routes are registered by these, and
/// the OpenAPI document is made of them.
struct Operation: Sendable {
    /// Who may use a route.
    enum Access: Hashable, Sendable {
        /// Everybody.
        case open
        /// Whoever ScanLedger knows.
        case anyCaller
        /// Whoever may work in the project of the path.
        case project(AccessControl.Leniency)
    }

    /// The routes that belong together.
    enum Subject: String, CaseIterable, Sendable {
        case scans = "Scans"
        case results = "Results"
        case workers = "Workers"
        case service = "Service"
    }

    /// Its name among all operations.
    let id: String
    let subject: Subject
    let methods: [HTTPRequest.Method]
    /// The path; what stands in braces are parameters.
    let path: String
    let access: Access
    /// What it does, in a line.
    let summary: String
    /// More words on it.
    var description = ""
    /// What the query and the header fields may hold.
    var parameters: [Parameter] = []
    /// What the body is to hold; nil where it is not looked at.
    var body: Schema?
    /// What it answers, beside what all routes of its access do.
    let answers: [Answer]
}

extension Operation {
    /// Where a parameter stands.
    enum Place: String, Sendable {
        case path, query, header
    }

    /// A parameter beside those of the path.
    struct Parameter: Sendable {
        let name: String
        let place: Place
        let schema: Schema
        let description: String
    }

    /// An answer with a status.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let description: String
        var contentType = "application/json"
        /// What the body holds; nil where it is no JSON.
        var schema: Schema?
        /// Header fields that are always there.
        var headers: [HTTPField.Name] = []
        /// Whether the body names a scan, at `scan_id`.
        var namesScan = false
    }

    /// The parameters in the path.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Everything it may answer, each status once.
    var allAnswers: [Answer] {
        var answers = answers
        for answer in commonAnswers where !answers.contains(where: { $0.status == answer.status }) {
            answers.append(answer)
        }
        return answers.sorted { $0.status.code < $1.status.code }
    }

    private var commonAnswers: [Answer] {
        switch access {
        case .open: HealthRoutes.paths.contains(path) ? [] : [.tooMany]
        case .anyCaller: [.unauthorized, .tooMany, .unavailable]
        case .project: [.unauthorized, .notFound, .invalid, .tooMany, .unavailable]
        }
    }
}

extension Operation.Answer {
    /// A success with a JSON body.
    static func ok(_ schema: Schema, _ description: String) -> Self {
        Self(status: .ok, description: description, schema: schema)
    }

    /// A refusal that says why in words.
    static func refused(
        _ status: HTTPResponse.Status,
        _ description: String,
        headers: [HTTPField.Name] = []
    ) -> Self {
        Self(status: status, description: description, schema: APIError.textSchema, headers: headers)
    }

    static let badHeader = refused(.badRequest, "A header field cannot be used.")
    static let unauthorized = refused(
        .unauthorized,
        "No token, or one that does not open this.",
        headers: [.wwwAuthenticate]
    )
    static let notFound = refused(.notFound, "There is no such project or scan.")
    static let timeOver = refused(.requestTimeout, "The body took longer than `request_body_timeout` to arrive.")
    static let tooLarge = refused(.contentTooLarge, "The body is longer than `max_request_body`.")
    static let tooMany = refused(
        .tooManyRequests,
        "Too many requests, or as much of this is going on as may be.",
        headers: [.retryAfter]
    )
    static let unavailable = refused(
        .serviceUnavailable,
        "Something that this service needs is away.",
        headers: [.retryAfter]
    )
    static let invalid = Self(
        status: .unprocessableContent,
        description: "The request is wrong in the places that are named.",
        schema: APIError.issuesSchema
    )
}
