import Logging
import ScanModel
import ScanStore
import Telemetry

/// Pauses a scan of which half of the last attempts failed for one reason: no route out of the workers' network, nmap that
/// does not start, a project that is gone. A user resumes it.
struct FailureWatch: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let logger: Logger

    /// An attempt brought what was wanted.
    func succeeded(_ task: TaskReference) async {
        _ = await book.record(nil, of: task.scan)
    }

    /// An attempt came to nothing.
    func failed(_ task: TaskReference, _ reason: FailureReason) async throws {
        guard reason.tellsOfTheScan, let reason = await book.record(reason, of: task.scan) else { return }
        let detail =
            "paused: half of the last \(RecentAttempts.count) tasks failed with \(reason.rawValue);"
            + " resume the scan to go on"
        let isPaused = try await untilRedisAnswers("a pause waits for Redis", logger: logger) {
            try await store.pause(task.scan, because: detail)
        }
        guard isPaused else { return }
        logger.warning(
            "a scan is paused",
            metadata: [LogKey.scan: "\(task.scan)", LogKey.reason: "\(reason.rawValue)"]
        )
    }
}
