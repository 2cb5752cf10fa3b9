import Logging

/// By what the records and requests of several services are known to belong together: the request that something was
/// begun for, and its place in a trace.
public struct Correlation: Hashable, Sendable {
    /// What the current task works for. Log records and requests to ScanLedger name it.
    @TaskLocal public static var current: Correlation?

    /// The id of the HTTP request.
    public let request: String
    /// The request's place in a trace.
    public let trace: TraceContext

    /// A correlation of the given parts.
    public init(request: String, trace: TraceContext) {
        self.request = request
        self.trace = trace
    }

    /// Gives each log record what its task works for.
    static let metadataProvider = Logger.MetadataProvider {
        guard let current else { return [:] }
        return [LogKey.request: "\(current.request)", LogKey.trace: "\(current.trace.traceID)"]
    }
}
