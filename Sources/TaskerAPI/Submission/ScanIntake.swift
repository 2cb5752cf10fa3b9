import HTTPTypes
import Hummingbird
import Logging
import PrometheusMetrics
import ScanModel
import Telemetry

/// Accepts scans and waits for their plans: what all routes that start a scan have in common.
struct ScanIntake: Sendable {
    let store: any ScanKeeping
    let notifier: PlanNotifier
    /// How long to wait for the plan where the caller does not say.
    let planWait: Duration

    /// Reads what a caller sent, and counts what is refused of it.
    func reading<Content>(_ read: () async throws -> Content) async throws -> Content {
        do {
            return try await read()
        } catch let error as APIError {
            count(.refused)
            throw error
        }
    }

    /// Accepts a scan and answers with its plan, or without where that takes longer than the caller waits.
    ///
    /// - Parameter request: what the caller sent; its headers say how long to wait.
    func accept(
        _ scanRequest: ScanRequest,
        key: IdempotencyKey?,
        for request: Request,
        _ context: APIContext,
        _ access: ProjectAccess
    ) async throws -> Response {
        let preference = WaitPreference(request.headers, defaultWait: planWait)
        let submission = Submission(request: scanRequest, access: access, key: key)
        let scan = try await submission.submit(to: store)
        count(scan.isReplay ? .repeated : .accepted)
        context.logger.info(
            scan.isReplay ? "Scan known already" : "Scan accepted",
            metadata: [
                LogKey.project: "\(access.project)", LogKey.scan: "\(scan.id)", LogKey.caller: "\(access.caller)",
                LogKey.count: "\(scanRequest.hosts.count)",
            ]
        )
        let outcome = try await planning(of: scan.id, context, atMost: preference.duration)
        return try await answer(scan, outcome, preference)
    }

    private func count(_ result: APIMetrics.Submission) {
        APIMetrics.submissions.count(1, result.rawValue)
    }

    /// How far planning has come.
    private enum Planning: Sendable {
        case pending(ScanState)
        case done(PlanAnswer)
    }

    /// Waits for the plan. The wait counts from the arrival of the request, so that a slow beginning does not lead to an
    /// answer that comes after the caller has given up.
    private func planning(
        of scan: ScanID,
        _ context: APIContext,
        atMost duration: Duration
    ) async throws -> Planning {
        var latest = ScanState.planning
        let remaining = max(.zero, duration - context.start.duration(to: .now))
        let answer = try await notifier.wait(for: .scan(scan), atMost: remaining) { () -> PlanAnswer? in
            switch await look(at: scan, context.logger) {
            case .done(let answer): return answer
            case .pending(let state):
                latest = state
                return nil
            case nil: return nil
            }
        }
        return answer.map { .done($0) } ?? .pending(latest)
    }

    /// Looks at the scan; nil where it cannot be seen. It is accepted, so that a store that is away for a moment only
    /// makes for a longer wait.
    private func look(at scan: ScanID, _ logger: Logger) async -> Planning? {
        await within(PlanNotifier.fallbackInterval) { [store] in
            do {
                let (answer, state) = try await store.answer(for: scan)
                if let answer { return .done(answer) }
                guard let state else { return nil }
                return state.isTerminal ? .done(.pending(scanID: scan, state: state)) : .pending(state)
            } catch {
                logger.warning("Plan not readable", metadata: [LogKey.scan: "\(scan)", LogKey.error: "\(error)"])
                return nil
            }
        }
    }

    private func answer(
        _ scan: AcceptedScan,
        _ planning: Planning,
        _ preference: WaitPreference
    ) async throws -> Response {
        var headers = scan.headers
        headers[.preferenceApplied] = preference.applied
        switch planning {
        case .pending(let state):
            let plan = PlanAnswer.pending(scanID: scan.id, state: state)
            return try .json(RunAnswer(plan: plan, report: scan.report), status: .accepted, headers: headers)
        case .done(let plan) where plan.state == .failed:
            let detail = try await store.progress(of: scan.id, in: scan.project)?.detail
            let issue = ValidationIssue("plan_failed", at: ["body", "hosts"], detail ?? "the scan cannot be planned")
            throw APIError(.unprocessableContent, .issues([issue]), headers: headers)
        case .done(let plan): return try .json(RunAnswer(plan: plan, report: scan.report), headers: headers)
        }
    }
}
