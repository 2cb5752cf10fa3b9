import PrometheusMetrics

/// The catalogue of a replica's metrics. Labels have few values: never a project, a target, a token or an address.
enum APIMetrics {
    /// What became of a request to start a scan.
    enum Submission: String, CaseIterable {
        /// It is a new scan.
        case accepted
        /// Its idempotency key has led to a scan before.
        case repeated
        /// It was wrong, or came at the wrong time.
        case refused
    }

    /// Why a request was not let in.
    enum AuthFailure: String, CaseIterable {
        case missingToken = "missing_token"
        case denied
        case unknownProject = "unknown_project"
        /// ScanLedger could not be asked.
        case unavailable
    }

    /// By what a request was counted when it was one too many.
    enum RateSubject: String, CaseIterable {
        case token
        case address
    }

    static let requests = CounterMetric(
        "tasker_http_requests",
        "Requests answered, by the route's template and the class of the status.",
        [.init("route"), .init("method"), .init("status")]
    )
    static let requestDuration = TimerMetric(
        "tasker_http_request_duration",
        "Time from a request's head to its answer's head; run-nmap waits for the plan in it.",
        [.init("route"), .init("method")]
    )
    static let requestsInProgress = GaugeMetric("tasker_http_requests_in_progress", "Requests not answered yet.")
    static let rateLimited = CounterMetric(
        "tasker_http_rate_limited",
        "Requests refused because there were too many.",
        [.init("by", RateSubject.self)]
    )
    static let authFailures = CounterMetric(
        "tasker_auth_failures",
        "Requests not let in.",
        [.init("reason", AuthFailure.self)]
    )
    static let submissions = CounterMetric(
        "tasker_submissions",
        "Requests to start a scan, requeues included.",
        [.init("result", Submission.self)]
    )
    static let dependencyUp = GaugeMetric(
        "tasker_dependency_up",
        "0 where a server that the process depends on does not answer, else 1.",
        [.init("dependency", ["redis", "scanledger"])]
    )
    static let build = GaugeMetric("tasker_build_info", "1, with the version.", [.init("version", [Version.text])])

    /// All of them.
    static let all = [
        requests.definition, requestDuration.definition, requestsInProgress.definition, rateLimited.definition,
        authFailures.definition, submissions.definition, dependencyUp.definition, build.definition,
    ]
}
