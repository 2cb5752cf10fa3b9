import ScanLedger

/// How long the imports of one project have come to nothing, and what follows from that. No I/O.
struct SyncPatience: Sendable {
    /// The longest that results are held, whatever the broker allows.
    private static let longestHolding = Duration.seconds(300)
    /// The longest pause between two tries.
    private static let longestPause = Duration.seconds(300)

    /// How long results may be held unacknowledged while nothing is imported.
    let holdingTime: Duration

    /// How long refusals of single reports, of which nothing tells whether they are refusals of all writes, are taken for
    /// those. Well before the results go back to the broker, for that forgets them.
    var outageTime: Duration { holdingTime / 2 }

    /// When the first import failed after which none has succeeded.
    private var failingSince: ContinuousClock.Instant?
    private var isRefused = false
    /// How long ScanLedger asked to be left alone.
    private var leastPause = Duration.zero
    private var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
    private var refusalBackoff = Backoff(base: .seconds(2), cap: Self.longestPause)

    /// - Parameter consumerTimeout: how long the broker lets a consumer hold a message. What is held for a sixth of it has
    ///   gone back long before, also where the last request takes its time.
    init(consumerTimeout: Duration) {
        holdingTime = min(Self.longestHolding, consumerTimeout / 6)
    }

    mutating func failed(_ error: LedgerError, at now: ContinuousClock.Instant) {
        failingSince = failingSince ?? now
        isRefused = error.code.isRefusalOfTasker
        leastPause = error.retryAfter ?? .zero
    }

    /// ScanLedger answers again: results may be held for another while, but what is tried next is tried as slowly.
    mutating func answered() {
        failingSince = nil
        isRefused = false
    }

    mutating func succeeded() {
        self = SyncPatience(holdingTime: holdingTime)
    }

    /// Whether the project's results are to go back to the broker: ScanLedger has been away for as long as they may be held,
    /// or refuses Tasker, which does not pass by itself.
    func isOver(at now: ContinuousClock.Instant) -> Bool {
        isRefused || hasFailed(for: holdingTime, at: now)
    }

    /// Whether more of the project is not to be dispatched: its results would only wait.
    func holdsDispatch(at now: ContinuousClock.Instant) -> Bool {
        isRefused || hasFailed(for: holdingTime / 10, at: now)
    }

    /// How long to wait before the next try.
    mutating func nextPause() -> Duration {
        max(isRefused ? refusalBackoff.next() : backoff.next(), min(leastPause, Self.longestPause))
    }

    private init(holdingTime: Duration) {
        self.holdingTime = holdingTime
    }

    private func hasFailed(for duration: Duration, at now: ContinuousClock.Instant) -> Bool {
        failingSince.map { now - $0 >= duration } ?? false
    }
}

extension LedgerError.Code {
    /// ScanLedger is there and will not do it for Tasker, whatever is sent.
    var isRefusalOfTasker: Bool {
        switch self {
        case .unauthorised, .forbidden, .notFound: true
        case .unavailable, .tooLarge, .rejected, .unreadable: false
        }
    }
}
