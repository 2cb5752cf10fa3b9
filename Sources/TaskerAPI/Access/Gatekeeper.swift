import AddressSpace
import Hummingbird
import PrometheusMetrics
import ScanLedger
import ScanModel
import ScanStore
import Telemetry

/// Lets requests in, or says why not.
struct Gatekeeper: Sendable {
    let access: AccessControl
    let hasher: CallerHasher

    /// Admits a request to the project in its path.
    ///
    /// - Throws: 401 without a good token or without access, 404 where there is no such project, 422 where the path holds
    ///   no project id, 503 where ScanLedger cannot be asked.
    func project(
        of request: Request,
        _ context: APIContext,
        leniency: AccessControl.Leniency
    ) async throws(APIError) -> ProjectAccess {
        let (token, caller) = try identify(request, context)
        let text = context.parameters.get("project_id") ?? ""
        guard let project = ProjectID(text) else {
            throw .invalid([.badUUID(text, parameter: "project_id")])
        }
        try await check(.project(project), token, leniency)
        let requester = Requester(
            caller: caller.description,
            address: context.client?.description,
            request: context.correlation.request,
            traceparent: "\(context.correlation.trace)"
        )
        return ProjectAccess(project: project, caller: caller, requester: requester)
    }

    /// Admits a request of anybody whom ScanLedger knows.
    func anyCaller(of request: Request, _ context: APIContext) async throws(APIError) {
        let (token, _) = try identify(request, context)
        try await check(.anyCaller, token, .none)
    }

    /// Who sent a request, where its token was good for something lately.
    func knownCaller(of request: Request) async -> CallerID? {
        guard let token = BearerToken(request.headers), await access.knows(token) else { return nil }
        return hasher.id(of: token)
    }

    private func identify(_ request: Request, _ context: APIContext) throws(APIError) -> (BearerToken, CallerID) {
        guard let token = BearerToken(request.headers) else { throw refusal(.missingToken, .unauthenticated) }
        let caller = hasher.id(of: token)
        context.record.caller = caller
        return (token, caller)
    }

    private func check(
        _ scope: AccessScope,
        _ token: BearerToken,
        _ leniency: AccessControl.Leniency
    ) async throws(APIError) {
        let verdict: LedgerAccess
        do {
            verdict = try await access.access(to: scope, with: token, leniency: leniency)
        } catch {
            throw refusal(.unavailable, .ledgerUnavailable(error))
        }
        switch verdict {
        case .granted: break
        case .denied: throw refusal(.denied, .unauthenticated)
        case .unknownProject: throw refusal(.unknownProject, .unknownProject)
        }
    }

    /// Counts a refusal.
    private func refusal(_ reason: APIMetrics.AuthFailure, _ error: APIError) -> APIError {
        APIMetrics.authFailures.count(1, reason.rawValue)
        return error
    }
}

extension ValidationIssue {
    /// A path parameter that is not a UUID.
    static func badUUID(_ text: String, parameter: String) -> ValidationIssue {
        ValidationIssue(
            "uuid_parsing",
            at: ["path", .name(parameter)],
            "Input should be a valid UUID",
            input: .string(text)
        )
    }
}
