import ScanStore

/// How long a lease lasts and how often it is looked at, all on this process's monotonic clock.
struct LeaseTiming: Hashable, Sendable {
    /// A holder that does not renew for this long is succeeded.
    var lease: Duration
    /// How often the holder renews.
    var renewInterval: Duration
    /// How often a standby looks.
    var pollInterval: Duration
    /// The holder stops acting this long before its lease ends.
    var margin: Duration { lease / 5 }
}

/// Leadership as values: what was seen goes in, what to do comes out. The I/O is in `LeaderElection`.
struct LeaderElectionStateMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum State: Sendable {
        /// Watching the record; nothing is known before the first look.
        case standby(seen: LeaderLock.Observation?, since: Instant)
        /// Leading until the given instant, unless renewed.
        case leading(Term, actsUntil: Instant)
    }

    enum StandbyAction: Sendable, Equatable {
        /// Look again after this long.
        case wait(Duration)
        /// Try to take the lock, if it is still as observed.
        case acquire(LeaderLock.Observation)
    }

    enum LeaderAction: Sendable, Equatable {
        /// Renew after this long.
        case wait(Duration)
        /// Stop acting: somebody else leads, or may do so from now on.
        case stepDown(reason: String)
    }

    private(set) var state: State
    private let timing: LeaseTiming

    init(timing: LeaseTiming, now: Instant) {
        self.timing = timing
        state = .standby(seen: nil, since: now)
    }

    /// A standby looked at the record.
    mutating func observed(_ observation: LeaderLock.Observation, at now: Instant) -> StandbyAction {
        switch state {
        case .leading:
            return .wait(timing.pollInterval)
        case .standby(let seen, let since):
            if observation.holder.isEmpty { return .acquire(observation) }
            if seen == observation {
                if now - since >= timing.lease { return .acquire(observation) }
                return .wait(min(timing.pollInterval, timing.lease - (now - since)))
            }
            state = .standby(seen: observation, since: now)
            return .wait(timing.pollInterval)
        }
    }

    /// Redis did not answer a standby: what was seen before counts no more, for the holder may have renewed unseen.
    mutating func couldNotObserve(at now: Instant) -> StandbyAction {
        switch state {
        case .leading:
            break
        case .standby:
            state = .standby(seen: nil, since: now)
        }
        return .wait(timing.pollInterval)
    }

    /// Somebody else was faster.
    mutating func lostRace(at now: Instant) -> StandbyAction {
        couldNotObserve(at: now)
    }

    /// Redis granted the lock to a request sent at the given instant.
    mutating func acquired(_ term: Term, requestedAt sent: Instant) {
        state = .leading(term, actsUntil: sent + timing.lease - timing.margin)
    }

    /// Until when the leader may act; nil for a standby.
    var actsUntil: Instant? {
        switch state {
        case .standby: nil
        case .leading(_, let actsUntil): actsUntil
        }
    }

    /// A renewal sent at the given instant was accepted.
    mutating func renewed(sentAt sent: Instant) -> LeaderAction {
        switch state {
        case .standby:
            return .stepDown(reason: "not leading")
        case .leading(let term, _):
            state = .leading(term, actsUntil: sent + timing.lease - timing.margin)
            return .wait(timing.renewInterval)
        }
    }

    /// A renewal got no answer. Not the same as being refused: the leader goes on within its lease.
    mutating func renewalUnanswered(at now: Instant) -> LeaderAction {
        switch state {
        case .standby:
            return .stepDown(reason: "not leading")
        case .leading(_, let actsUntil):
            if now >= actsUntil {
                state = .standby(seen: nil, since: now)
                return .stepDown(reason: "Redis did not answer within the lease")
            }
            return .wait(min(timing.renewInterval / 4, actsUntil - now))
        }
    }

    /// Redis refused a renewal, or the term's work ended.
    mutating func termEnded(at now: Instant) {
        state = .standby(seen: nil, since: now)
    }
}
