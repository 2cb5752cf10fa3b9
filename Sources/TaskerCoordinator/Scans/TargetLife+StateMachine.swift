import ScanModel
import ScanStore

/// The life of a target's tasks, as a value: what happened goes in, what to do comes out. The I/O is around it, in
/// `Dispatcher`, `ProjectResults`, `FailedAttempts` and `Reconciler`.
///
/// Redis is written first, so there are two kinds of steps. Some take note of what Redis has written, and move on as its
/// scripts do; where those would refuse, nothing changes. The others take in what was seen of the task elsewhere, and answer
/// what is to be written.
///
///     claimed -> queued -> started      a message, as far as the broker and a worker said
///     these three -> parked -> claimed  the same attempt if the message reached nobody, else the next one
///     these three -> ready -> claimed   from the first phase to the second
///     all but parked -> finishing       the last result is being imported
///
/// From anywhere but parked it ends with an outcome, and is forgotten. What a worker has received and not begun is queued: it
/// acknowledges when it begins, so the message comes back if it dies before.
struct TargetLife: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    private(set) var reference: TaskReference
    private(set) var state: TaskState
    /// When it came into this state; for a parked task, when its next attempt is due.
    private(set) var since: Instant
    /// The host that has begun it, which is followed for whole tasks alone.
    private(set) var worker: String?
    /// It takes a place in the window and in its network: from its dispatch until it is parked or has its outcome, but
    /// not between the phases of a scan that is held up.
    var hasPlace: Bool
    /// An earlier leader brought it into this state.
    private var isInherited = false
    /// When it was found nowhere for the first time since it moved or was found.
    private var missedAt: Instant?

    init(reference: TaskReference, state: TaskState, since: Instant, worker: String? = nil) {
        self.reference = reference
        self.state = state
        self.since = since
        self.worker = worker
        hasPlace = state != .parked
    }

    /// A task as Redis has it. Redis keeps wall-clock times, which only tell when a parked task is due; how long an
    /// unchanged task is in its state is known better here. Between the phases a target keeps the place it is known to
    /// have; a new leader gives it one when it is dispatched.
    init(_ task: ActiveScan.Task, known: TargetLife?, now: Instant, unixMilliseconds: Int) {
        let isUnchanged = known?.reference == task.task && known?.state == task.state
        if let known, isUnchanged {
            self = known
        } else {
            self.init(reference: task.task, state: task.state, since: now, worker: task.worker)
        }
        if state == .parked { since = now + .milliseconds(max(0, task.since - unixMilliseconds)) }
        if state == .ready { hasPlace = known?.hasPlace ?? false }
    }
}

// MARK: What Redis has written

extension TargetLife {
    /// An earlier leader has left it like this.
    mutating func inherited() {
        isInherited = true
    }

    /// The broker has the message.
    mutating func confirmed(at now: Instant) {
        move(from: [.claimed], to: .queued, at: now)
    }

    /// A worker has begun.
    mutating func started(at now: Instant) {
        move(from: [.claimed, .queued], to: .started, at: now)
    }

    /// The import of its last result is announced.
    mutating func finishing(at now: Instant) {
        move(from: [.claimed, .queued, .started, .ready], to: .finishing, at: now)
    }

    /// The first phase is done, and its open ports are kept for the second.
    mutating func ready(at now: Instant) {
        guard reference.phase == .openPorts, state.mayHaveMessage else { return }
        let next = TaskReference(scan: reference.scan, target: reference.target, phase: .services, attempt: 1)
        self = TargetLife(reference: next, state: .ready, since: now)
    }

    /// It is put aside until its next attempt, which is the same one where the message reached nobody.
    mutating func parked(attempt: Int, until due: Instant) {
        guard state.mayHaveMessage else { return }
        let (scan, target, phase) = (reference.scan, reference.target, reference.phase)
        let next = TaskReference(scan: scan, target: target, phase: phase, attempt: attempt)
        self = TargetLife(reference: next, state: .parked, since: due)
    }

    /// A stop has taken it away.
    ///
    /// - Parameter isKept: what the first phase found is still to be imported.
    /// - Returns: what is left to do of it; nil where it is cancelled.
    func stopped(isKept: Bool, at now: Instant) -> TargetLife? {
        if state == .finishing { return self }
        return isKept ? TargetLife(reference: reference, state: .ready, since: now) : nil
    }

    private mutating func move(from states: Set<TaskState>, to state: TaskState, at now: Instant) {
        guard states.contains(self.state) else { return }
        self = TargetLife(reference: reference, state: state, since: now)
    }
}

// MARK: What was seen of it

extension TargetLife {
    /// A task of ours is not looked for before this time is over: its message or its result may be on the way. What an
    /// earlier leader sent has left or never will.
    static let quiet = Duration.seconds(10)
    /// Between two looks that find it nowhere. What this covers is on the wire at the first look: sent by the broker and not
    /// read by the worker yet, or given back by a connection that ended.
    static let secondLook = Duration.seconds(1)

    /// What a look at the queues, the workers and the results found.
    enum Sighting: Sendable {
        /// Its message waits in a queue, or a worker has it.
        case there
        /// Its result is here, and waits for its import.
        case resultIsIn
        case nowhere
    }

    enum SearchAction: Sendable, Equatable {
        case wait
        /// The broker has the message, although it did not say so.
        case confirm
        /// Nobody has had the message: the same attempt is to be published again.
        case sendAgain
        /// The attempt has come to nothing.
        case fail(FailureReason)
        /// The result is gone whose import had begun.
        case importOpenPorts
    }

    enum FailureAction: Sendable, Equatable {
        case retry(attempt: Int, after: Duration)
        /// There is no further attempt: what the first phase found is imported.
        case importOpenPorts
        /// There is no further attempt, and nothing to import.
        case fail
    }

    /// Whether nothing was heard of it for so long that it is to be looked for.
    func isQuiet(at now: Instant) -> Bool {
        state.isOutstanding && (isInherited || now - since >= Self.quiet)
    }

    /// Somebody looked for it.
    ///
    /// - Parameters:
    ///   - limit: how long it may run.
    ///   - isPaused: a pause may have taken the message out of its queue.
    mutating func looked(_ sighting: Sighting, at now: Instant, limit: Duration, isPaused: Bool) -> SearchAction {
        switch sighting {
        case .resultIsIn:
            missedAt = nil
            return .wait
        case .there:
            missedAt = nil
            if state == .started, now - since > limit { return .fail(.deadline) }
            return state == .claimed ? .confirm : .wait
        case .nowhere:
            guard let missedAt, now - missedAt >= Self.secondLook else {
                missedAt = missedAt ?? now
                return .wait
            }
            switch state {
            case .claimed: return .sendAgain
            case .queued: return isPaused ? .sendAgain : .fail(.lost)
            case .started: return .fail(.lost)
            case .finishing: return .importOpenPorts
            case .ready, .parked: return .wait
            }
        }
    }

    /// The attempt came to nothing, whoever noticed it.
    ///
    /// - Returns: nil where it does not count any more.
    func failed(maximumAttempts: Int, using generator: inout some RandomNumberGenerator) -> FailureAction? {
        guard state.mayHaveMessage else { return nil }
        if reference.attempt < maximumAttempts {
            return .retry(attempt: reference.attempt + 1, after: pause(using: &generator))
        }
        switch reference.phase {
        case .openPorts: return .fail
        case .services: return .importOpenPorts
        }
    }

    /// The pause after an attempt doubles with the attempts and has jitter.
    private func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        .seconds(2 << min(reference.attempt, 6)) * Double.random(in: 0.5...1, using: &generator)
    }

    /// Whether a result may still say this of it.
    func admits(_ meaning: ResultMeaning) -> Bool {
        switch meaning {
        case .finding: state.isOutstanding
        case .leadsToServices: state.mayHaveMessage && reference.phase == .openPorts
        case .nothing, .failedAttempt: state.mayHaveMessage
        }
    }
}

// MARK: Reading

extension TargetLife {
    /// The task, where its message is with the broker or with a worker, or may be.
    var outstandingReference: TaskReference? { state.isOutstanding ? reference : nil }

    /// No worker had it yet, so it goes after what was begun, as a fresh target does.
    var isFirst: Bool { state == .parked && reference.phase == .openPorts && reference.attempt == 1 }
}

extension TaskState {
    /// The task is with the broker or with a worker, or may be, or is being imported.
    var isOutstanding: Bool { mayHaveMessage || self == .finishing }

    /// The task is with the broker or with a worker, or may be.
    var mayHaveMessage: Bool {
        switch self {
        case .claimed, .queued, .started: true
        case .ready, .parked, .finishing: false
        }
    }
}
