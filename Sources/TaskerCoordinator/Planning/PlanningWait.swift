import Logging
import ScanModel
import ScanStore
import Telemetry

/// Waits for a dependency that planning needs, and says so in the scan's state.
struct PlanningWait: Sendable {
    let store: any PlanKeeping
    let logger: Logger
    /// Sleeps; a test needs no time for it.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    func begin() -> Turn { Turn(waiting: self) }

    /// Says that planning goes on, which only a leader can say of a scan that nobody has stopped.
    ///
    /// - Throws: a cancellation where the scan was stopped.
    func goOn(_ scan: ActiveScan) async throws {
        guard try await store.setPlanningState(.planning, detail: "", of: scan.id) else { throw CancellationError() }
    }

    /// The pauses of one wait; each is longer than the one before.
    struct Turn {
        fileprivate let waiting: PlanningWait
        private var backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        private var hasPaused = false

        fileprivate init(waiting: PlanningWait) {
            self.waiting = waiting
        }

        /// - Throws: a cancellation where the scan was stopped meanwhile.
        mutating func pause(as state: ScanState, _ reason: String, _ scan: ActiveScan) async throws {
            waiting.logger.warning(
                "planning waits",
                metadata: [LogKey.scan: "\(scan.id)", LogKey.state: "\(state.rawValue)", LogKey.reason: "\(reason)"]
            )
            guard try await waiting.store.setPlanningState(state, detail: reason, of: scan.id) else {
                throw CancellationError()
            }
            hasPaused = true
            try await waiting.sleep(backoff.next())
        }

        /// What was waited for is there.
        ///
        /// - Throws: a cancellation where the scan was stopped meanwhile.
        mutating func end(_ scan: ActiveScan) async throws {
            guard hasPaused else { return }
            hasPaused = false
            try await waiting.goOn(scan)
        }
    }
}
