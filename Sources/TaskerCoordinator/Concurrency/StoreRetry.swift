import Logging
import ScanStore
import Telemetry

/// Repeats an operation until Redis answers: for what must not be left half done because Redis was away.
///
/// - Parameter message: what the log says of each try that got no answer.
/// - Throws: what a repetition cannot mend, and a cancellation.
func untilRedisAnswers<Value>(
    _ message: Logger.Message,
    _ metadata: Logger.Metadata = [:],
    logger: Logger,
    cap: Duration = .seconds(5),
    isolation: isolated (any Actor)? = #isolation,
    _ operation: () async throws -> Value
) async throws -> Value {
    var backoff = Backoff(base: .milliseconds(100), cap: cap)
    while true {
        do {
            return try await operation()
        } catch let error as StoreError where error.isRetryable {
            logger.warning(message, metadata: metadata.merging([LogKey.error: "\(error)"]) { $1 })
            try await Task.sleep(for: backoff.next())
        }
    }
}
