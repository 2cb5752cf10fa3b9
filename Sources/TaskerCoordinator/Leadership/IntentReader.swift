import Logging
import ScanModel
import ScanStore
import Synchronization
import Telemetry

/// Carries out what API replicas asked for. Stops and pauses overtake starts; each intent leaves the stream when it is carried out,
/// so a new leader finds what its predecessor did not finish.
struct IntentReader: Sendable {
    let store: LeaderStore
    let book: ScanBook
    let planning: PlanningDesk
    let stops: StopHandler
    let pauses: PauseHandler
    let wake: Wake
    let failure: TermFailure
    let logger: Logger

    /// How many intents are read at once.
    private static let page = 4_096
    /// How often it looks where no wake-up came.
    private static let interval = Duration.seconds(1)

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            let underWay = EntriesUnderWay()
            while !Task.isCancelled {
                do {
                    let (intents, unreadable) = try await store.intents(limit: Self.page)
                    for entry in unreadable {
                        logger.error("an intent cannot be read", metadata: [LogKey.intent: "\(entry)"])
                        try await store.finishIntent(entry)
                    }
                    for intent in intents where !intent.isStart {
                        guard underWay.begin(intent.entry) else { continue }
                        group.addTask {
                            await failure.guarding { try await carryOutUntilDone(intent) }
                            underWay.end(intent.entry)
                        }
                    }
                    for intent in intents where intent.isStart { try await carryOutStart(intent) }
                    if intents.count == Self.page, intents.contains(where: \.isStart) { continue }
                } catch let error as StoreError where error.isRetryable {
                    logger.warning("intents cannot be read", metadata: [LogKey.error: "\(error)"])
                }
                await wake.wait(atMost: Self.interval)
            }
        }
    }

    private func carryOutStart(_ intent: Intent) async throws {
        if case .start(let id) = intent.kind, await book.entry(id) == nil {
            do {
                if let scan = try await store.activeScan(id) {
                    await book.adopt(scan)
                    if scan.state.isPlanning { planning.plan(scan) }
                }
            } catch {
                guard error.code == .corrupt else { throw error }
                logger.error("a scan cannot be read", metadata: [LogKey.scan: "\(id)", LogKey.reason: "\(error)"])
            }
        }
        try await store.finishIntent(intent.entry)
    }

    private func carryOutUntilDone(_ intent: Intent) async throws {
        try await untilRedisAnswers("an intent waits for Redis", logger: logger) {
            switch intent.kind {
            case .stop(let scans, let receipt):
                await planning.cancel(scans)
                try await stops.stop(scans, of: intent.project, receipt: receipt)
            case .pace: try await pauses.follow(intent.project)
            case .start: return
            }
            try await store.finishIntent(intent.entry)
        }
    }
}

/// Entries of the stream that are being carried out: they are read again until they are finished.
private final class EntriesUnderWay: Sendable {
    private let entries = Mutex<Set<String>>([])

    /// False where the entry is under way already.
    func begin(_ entry: String) -> Bool {
        entries.withLock { $0.insert(entry).inserted }
    }

    func end(_ entry: String) {
        entries.withLock { _ = $0.remove(entry) }
    }
}

extension Intent {
    fileprivate var isStart: Bool {
        switch kind {
        case .start: true
        case .stop, .pace: false
        }
    }
}
