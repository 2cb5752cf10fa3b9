import Logging
import ScanModel
import ScanStore
import Telemetry

/// Tells those who watch projects, once a second, how far their scans have come and when they end.
struct ProgressTelling: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let logger: Logger

    private let clock = ContinuousClock()

    private static let interval = Duration.seconds(1)
    /// How many scans one write is about.
    private static let scansAtOnce = 100

    func run() async throws {
        var paces: [ScanID: PaceEstimate] = [:]
        var left: [ScanID: Int] = [:]
        while !Task.isCancelled {
            // In no order: where a project has more scans than one event tells of, each has its turn.
            let scans = await book.plannedScans.shuffled()
            let known = Set(scans)
            paces = paces.filter { known.contains($0.key) }
            left = left.filter { known.contains($0.key) }
            for start in stride(from: 0, to: scans.count, by: Self.scansAtOnce) {
                let some = scans[start..<min(start + Self.scansAtOnce, scans.count)].map { ($0, left[$0]) }
                guard let standings = try await tell(some) else { break }
                for ((scan, _), standing) in zip(some, standings) {
                    var pace = paces[scan] ?? PaceEstimate()
                    if standing.isRunning { pace.note(finished: standing.finished, at: clock.now) }
                    paces[scan] = standing.isRunning ? pace : nil
                    left[scan] = standing.isRunning ? pace.secondsLeft(open: standing.open) : nil
                }
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// - Returns: nil while Redis does not answer: what would have been told is told later.
    private func tell(_ scans: [(ScanID, Int?)]) async throws -> [ScanStanding]? {
        do {
            return try await store.tellProgress(of: scans)
        } catch {
            guard error.isRetryable else { throw error }
            logger.warning("progress was not told", metadata: [LogKey.error: "\(error)"])
            return nil
        }
    }
}
