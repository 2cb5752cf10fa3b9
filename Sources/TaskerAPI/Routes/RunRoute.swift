import Hummingbird

/// `POST /tasks/{project_id}/run-nmap`: accepts a scan and waits for its plan.
struct RunRoute: Sendable {
    let intake: ScanIntake
    let limits: RequestLimits

    func register(in routes: RouteTable) {
        routes.onProject(.run(limits)) { request, context, access in
            let (key, scanRequest) = try await intake.reading {
                let key = try IdempotencyKey(request.headers)
                let body = try await request.body(upTo: limits.bodyBytes)
                return (key, try ScanRequestReader.read(body, limits: limits))
            }
            return try await intake.accept(scanRequest, key: key, for: request, context, access)
        }
    }
}

extension Operation {
    fileprivate static func run(_ limits: RequestLimits) -> Operation {
        Operation(
            id: "run",
            subject: .scans,
            methods: [.post],
            path: "/tasks/{project_id}/run-nmap",
            access: .project(.none),
            summary: "Start a scan",
            description:
                "Answers when the plan is there, or without it after `plan_wait`, or as long as `Prefer` says.",
            parameters: [.idempotencyKey, .prefer],
            body: ScanRequestSchema.body(limits).named("ScanRequest"),
            answers: Answer.ofNewScan + [
                .timeOver, .tooLarge, .refused(.conflict, "The Idempotency-Key came with another request before."),
            ]
        )
    }
}

extension Operation.Answer {
    /// What routes that start a scan answer.
    static let ofNewScan = [
        Self(
            status: .ok,
            description: "The plan, with exact counts.",
            schema: RunAnswer.schema,
            headers: [.location],
            namesScan: true
        ),
        Self(
            status: .accepted,
            description: "Accepted; the plan is not there yet.",
            schema: RunAnswer.schema,
            headers: [.location],
            namesScan: true
        ),
        .badHeader,
    ]
}
