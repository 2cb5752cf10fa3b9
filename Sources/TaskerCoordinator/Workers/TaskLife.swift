import ScanModel

/// How long a task may run, whatever becomes of its worker: nmap ends at the request's time limit, and the worker kills it
/// soon after. A whole task has two phases.
enum TaskLife {
    /// Time past nmap's own limit in which a worker may still report.
    private static let grace = Duration.seconds(60)
    static let longest = Duration.seconds(2 * ScanRequest.timeoutBounds.upperBound) + grace

    static func of(_ request: ScanRequest, chainedBy chaining: PhaseChaining) -> Duration {
        let phases = chaining == .worker && request.includeServices ? 2 : 1
        return .seconds(request.timeout * phases) + grace
    }
}
