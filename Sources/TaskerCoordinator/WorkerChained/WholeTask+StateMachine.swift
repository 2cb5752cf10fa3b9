import ScanModel

/// One whole task as the coordinator follows it: what it hears or finds of the task goes in, what is to be done comes out.
/// No I/O.
///
/// The worker acknowledges late, as existing ones do, and then the broker hands the task out again where the worker is lost;
/// or it acknowledges early, and then the task is lost with it. The coordinator adds no attempts of its own.
struct WholeTask: Sendable {
    enum State: Sendable, Hashable, CaseIterable {
        /// Claimed in Redis; the broker has not confirmed the message.
        case claimed
        /// The broker has it.
        case queued
        /// A worker has begun it.
        case started
        /// The worker says that it is through; ScanLedger is asked.
        case ended
    }

    enum Observation: Sendable, Hashable {
        /// A worker began it.
        case began(host: String)
        /// The worker is through, as it says or as the keys say that it removed.
        case passed
        /// The worker says that it failed.
        case failed(String)
        /// A worker refused it, or ended it, because somebody revoked it.
        case revoked
        /// A worker gave it back to the broker.
        case returned
        /// It was looked for everywhere.
        case looked(Finding)
        /// The worker has had it for longer than it may take.
        case overdue
    }

    /// Where a task was found.
    enum Finding: Sendable, Hashable, CaseIterable {
        case inQueue
        case atWorker
        /// In neither, and nothing else can have it.
        case nowhere
        /// In neither, but the broker holds connections of workers that are silent, and their tasks may come back.
        case unclear
    }

    enum Action: Sendable, Hashable {
        case none
        /// It is in the broker's hands after all.
        case confirm
        case noteBegun(host: String)
        case noteQueued
        /// Ask ScanLedger whether it shows the host.
        case verify
        case publishAgain
        /// A worker may still be busy with it.
        case fail(FailureReason, detail: String)
        /// Nobody has it any more.
        case lose
    }

    private(set) var state: State
    /// The host that has begun it.
    private(set) var host: String?
    /// It was found nowhere when it was last looked for.
    private(set) var isMissing = false

    init(_ state: State, host: String? = nil) {
        self.state = state
        self.host = host
    }

    /// Takes over how far others have brought it: a dispatcher, a pause, an earlier leader.
    mutating func align(with state: State, host: String?) {
        if state != self.state { isMissing = false }
        self.state = state
        self.host = host
    }

    /// - Parameter isPaused: whether the task's scan is paused: then its message may have been taken out of the queue.
    mutating func observe(_ observation: Observation, isPaused: Bool) -> Action {
        switch (state, observation) {
        case (.ended, .looked):
            // A leader before this one may have left it there; asking twice is harmless.
            return .verify
        case (.ended, _):
            return .none
        case (_, .passed):
            return transitionToEnded()
        case (_, .failed(let detail)):
            return .fail(.workerError, detail: detail)
        case (_, .revoked):
            return .fail(.lost, detail: "somebody revoked the task")
        case (.started, .overdue):
            return .fail(.deadline, detail: "not through within the time limit")
        case (.claimed, .overdue), (.queued, .overdue):
            return .none
        case (_, .began(let host)):
            return transitionToStarted(host)
        case (.started, .returned), (.started, .looked(.inQueue)):
            return transitionToQueued()
        case (.claimed, .returned), (.queued, .returned):
            return .none
        case (.claimed, .looked(.inQueue)), (.claimed, .looked(.atWorker)):
            isMissing = false
            return .confirm
        case (.queued, .looked(.inQueue)), (.queued, .looked(.atWorker)), (.started, .looked(.atWorker)),
            (_, .looked(.unclear)):
            isMissing = false
            return .none
        case (_, .looked(.nowhere)):
            return missed(isPaused: isPaused)
        }
    }

    private mutating func transitionToEnded() -> Action {
        state = .ended
        return .verify
    }

    private mutating func transitionToStarted(_ host: String) -> Action {
        guard state != .started || host != self.host else { return .none }
        state = .started
        self.host = host
        isMissing = false
        return .noteBegun(host: host)
    }

    private mutating func transitionToQueued() -> Action {
        state = .queued
        host = nil
        isMissing = false
        return .noteQueued
    }

    /// Found nowhere once, it may be on its way; twice, it is lost.
    private mutating func missed(isPaused: Bool) -> Action {
        guard isMissing else {
            isMissing = true
            return .none
        }
        let mayBeUnsent = state == .claimed || (state == .queued && isPaused)
        return mayBeUnsent ? .publishAgain : .lose
    }
}
