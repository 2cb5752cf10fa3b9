import Foundation
import Logging
import ScanLedger
import ScanModel
import ScanStore
import Telemetry

/// How one project's imports are going: how long they have come to nothing, and who is told of it. Users see why results
/// wait, the log has it once a minute, and the dispatcher holds the project's targets back.
struct SyncHealth {
    /// How often the log repeats itself.
    private static let logInterval = Duration.seconds(60)
    /// How often what users see is written again; it has a bounded life.
    private static let noticeInterval = Duration.seconds(300)

    let project: ProjectID
    let store: LeaderStore
    let book: ScanBook
    /// Signalled when there may be something to dispatch.
    let dispatch: Wake
    let logger: Logger

    private var patience: SyncPatience
    private var failingSince: Date?
    /// What users see, and since when; an earlier leader may have said anything.
    private var notice: (text: String?, written: ContinuousClock.Instant)?
    private var logged: ContinuousClock.Instant?
    private let clock = ContinuousClock()

    init(
        project: ProjectID,
        store: LeaderStore,
        book: ScanBook,
        dispatch: Wake,
        consumerTimeout: Duration,
        logger: Logger
    ) {
        self.project = project
        self.store = store
        self.book = book
        self.dispatch = dispatch
        self.logger = logger
        patience = SyncPatience(consumerTimeout: consumerTimeout)
    }

    /// Whether the project's results are to go back to the broker.
    var isOver: Bool { patience.isOver(at: clock.now) }

    /// An import, or the question whether one is possible, came to nothing.
    mutating func failed(_ error: LedgerError) async throws {
        try await note(error)
        await book.holdBack(project, patience.holdsDispatch(at: clock.now))
    }

    /// ScanLedger refuses a report and answers reads, and has taken no other since: an outage of writes, or poison that
    /// only another report's import can tell from one, so that dispatch goes on.
    mutating func refusedAlone(_ error: LedgerError) async throws {
        try await note(error)
    }

    /// ScanLedger answers again, if not to an import yet.
    mutating func answered() async throws {
        patience.answered()
        try await showNothing()
    }

    /// ScanLedger took a report.
    mutating func succeeded() async throws {
        patience.succeeded()
        failingSince = nil
        if logged != nil { logger.notice("imports go on", metadata: [LogKey.project: "\(project)"]) }
        logged = nil
        try await showNothing()
    }

    /// Since when a refusal, of which nothing tells whether it is one of all writes, may be.
    var mayBeOutageSince: ContinuousClock.Instant { clock.now - patience.outageTime }

    /// How long to wait before the next try.
    mutating func nextPause() -> Duration { patience.nextPause() }

    private mutating func note(_ error: LedgerError) async throws {
        let since = failingSince ?? Date()
        failingSince = since
        patience.failed(error, at: clock.now)
        log(error)
        try await show("results wait since \(since.formatted(.iso8601)): \(error.notice)")
    }

    private mutating func log(_ error: LedgerError) {
        if let logged, clock.now - logged < Self.logInterval { return }
        logged = clock.now
        logger.log(
            level: error.code.isRefusalOfTasker ? .error : .warning,
            "imports wait for ScanLedger",
            metadata: [LogKey.project: "\(project)", LogKey.error: "\(error)"]
        )
    }

    private mutating func showNothing() async throws {
        await book.holdBack(project, false)
        try await show(nil)
        dispatch.signal()
    }

    private mutating func show(_ text: String?) async throws {
        if let notice, notice.text == text, text == nil || clock.now - notice.written < Self.noticeInterval { return }
        try await untilRedisAnswers("the sync waits for Redis", logger: logger) {
            try await store.noteSync(text, of: project)
        }
        notice = (text, clock.now)
    }
}

extension LedgerError {
    /// What users are told: the kind of failure, and no address.
    fileprivate var notice: String {
        let answer = status.map { " (\($0))" } ?? ""
        return switch code {
        case .unauthorised, .forbidden: "ScanLedger refuses Tasker's token for this project\(answer)"
        case .notFound: "ScanLedger has the project, but does not know its imports\(answer)"
        case .tooLarge, .rejected: "ScanLedger refuses reports\(answer)"
        case .unreadable: "ScanLedger's answers cannot be read\(answer)"
        case .unavailable: "ScanLedger is not available\(answer)"
        }
    }
}
