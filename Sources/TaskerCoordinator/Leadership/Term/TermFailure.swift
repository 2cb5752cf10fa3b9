import ScanStore
import Synchronization

/// Where parts of the leader's work that run on their own say that the term cannot go on. A child of a task group whose
/// parent waits for something else would otherwise fail unseen.
final class TermFailure: Sendable {
    private let error = Mutex<(any Error)?>(nil)
    private let reported = Wake()

    /// Runs a part of the work. What it throws ends the term, but for its own cancellation.
    func guarding(_ part: () async throws -> Void) async {
        do {
            try await part()
        } catch is CancellationError {
            return
        } catch {
            self.error.withLock { $0 = $0 ?? error }
            reported.signal()
        }
    }

    /// Waits for a failure and throws it.
    func watch() async throws {
        while !Task.isCancelled {
            if let error = error.withLock({ $0 }) { throw error }
            await reported.wait()
        }
    }
}
