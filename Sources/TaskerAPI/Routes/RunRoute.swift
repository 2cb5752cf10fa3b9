import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ScanModel
import Telemetry

/// `POST /tasks/{project_id}/run-nmap`: accepts a scan and waits for its plan.
struct RunRoute: Sendable {
    let store: any ScanKeeping
    let notifier: PlanNotifier
    let limits: RequestLimits
    let planWait: Duration

    func register(in routes: RouteTable) {
        routes.onProject("run-nmap", [.post]) { request, context, access in
            try await run(request, context, access)
        }
    }

    private func run(_ request: Request, _ context: APIContext, _ access: ProjectAccess) async throws -> Response {
        let preference = WaitPreference(request.headers, defaultWait: planWait)
        let body = try await request.body(upTo: limits.bodyBytes)
        let scanRequest = try ScanRequestReader.read(body, limits: limits)
        let submission = Submission(request: scanRequest, access: access)
        try await submission.submit(to: store)
        context.logger.info(
            "Scan accepted",
            metadata: [
                LogKey.project: "\(access.project)", LogKey.scan: "\(submission.id)", LogKey.caller: "\(access.caller)",
                LogKey.count: "\(scanRequest.hosts.count)",
            ]
        )
        let outcome = try await planning(of: submission.id, context, atMost: preference.duration)
        return try await answer(submission, outcome, preference)
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
        _ submission: Submission,
        _ planning: Planning,
        _ preference: WaitPreference
    ) async throws -> Response {
        var headers: HTTPFields = [.location: submission.location]
        headers[.preferenceApplied] = preference.applied
        switch planning {
        case .pending(let state):
            let answer = PlanAnswer.pending(scanID: submission.id, state: state)
            return try .json(answer, status: .accepted, headers: headers)
        case .done(let answer) where answer.state == .failed:
            let detail = try await store.progress(of: submission.id, in: submission.access.project)?.detail
            let issue = ValidationIssue("plan_failed", at: ["body", "hosts"], detail ?? "the scan cannot be planned")
            throw APIError(.unprocessableContent, .issues([issue]), headers: headers)
        case .done(let answer): return try .json(answer, headers: headers)
        }
    }
}

extension Request {
    /// The whole body.
    ///
    /// - Throws: 413 where it is longer than allowed.
    func body(upTo limit: Int) async throws -> [UInt8] {
        do {
            return Array(try await body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(limit: limit)
        }
    }
}
