import Logging
import PrometheusMetrics
import RedisClient
import ScanStore
import ServiceLifecycle
import Telemetry

/// What a leader does during its term. Returns or throws when the term's work cannot go on; is cancelled when it is over.
protocol LeaderWork: Sendable {
    func lead(_ term: Term, guard: TermGuard) async throws
}

/// Takes part in the election for as long as the process lives, and runs the leader's work while it leads.
struct LeaderElection: Service {
    let name: String
    let timing: LeaseTiming
    let redis: RedisClient
    /// Sees what Redis answers anybody in this process.
    let witness: StoreWitness
    /// Signalled when the witness has noticed a loss.
    let loss: Wake
    let health: CoordinatorHealth
    let work: any LeaderWork
    let logger: Logger

    private let clock = ContinuousClock()

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await takePart() }
            group.addTask { try? await gracefulShutdown() }
            await group.next()
            group.cancelAll()
        }
    }

    private func takePart() async {
        let wake = Wake()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in redis.messages(on: [Channel.wake]) { wake.signal() }
            }
            await takeTurns(wake: wake)
            group.cancelAll()
        }
    }

    /// Stands by and leads in turn until the task is cancelled.
    private func takeTurns(wake: Wake) async {
        var machine = LeaderElectionStateMachine(timing: timing, now: clock.now)
        let lock = LeaderLock(redis: redis, witness: witness)
        var complaint: String?
        while !Task.isCancelled {
            guard let term = await standBy(&machine, lock: lock, wake: wake, complaint: &complaint) else { continue }
            await lead(term, &machine, lock: lock)
        }
    }

    /// One look at the lock, and the attempt to take it where it is free.
    ///
    /// - Parameter complaint: what the log said last of why this process cannot take part.
    private func standBy(
        _ machine: inout LeaderElectionStateMachine,
        lock: LeaderLock,
        wake: Wake,
        complaint: inout String?
    ) async -> Term? {
        var action: LeaderElectionStateMachine.StandbyAction
        do {
            action = machine.observed(try await lock.observe(), at: clock.now)
            complaint = nil
            health.redisAnswered()
            health.standsBy()
            if case .acquire(let observation) = action {
                let sent = clock.now
                switch try await lock.acquire(for: name, observed: observation) {
                case .acquired(let term):
                    machine.acquired(term, requestedAt: sent)
                    return term
                case .lost:
                    action = machine.lostRace(at: clock.now)
                }
            }
        } catch {
            if complaint != error.description {
                logger.log(
                    level: error.isRetryable ? .warning : .error,
                    "cannot take part in the election",
                    metadata: [LogKey.error: "\(error)"]
                )
            }
            complaint = error.description
            if error.isRetryable { health.redisDidNotAnswer() }
            action = machine.couldNotObserve(at: clock.now)
        }
        if case .wait(let duration) = action { await wake.wait(atMost: duration) }
        return nil
    }

    private func lead(_ term: Term, _ machine: inout LeaderElectionStateMachine, lock: LeaderLock) async {
        guard let actsUntil = machine.actsUntil else { return }
        health.leads(in: term)
        CoordinatorMetrics.terms.count()
        logger.notice(
            "leading",
            metadata: [LogKey.epoch: "\(term.epoch)", LogKey.installation: "\(term.installation)"]
        )
        let termGuard = TermGuard(actsUntil: actsUntil)
        let renewal = machine
        let losses = witness.losses
        let reason = await withTaskGroup(of: String.self) { group in
            group.addTask {
                do {
                    try await work.lead(term, guard: termGuard)
                    return "the work ended"
                } catch {
                    return "\(error)"
                }
            }
            group.addTask { await renew(term, renewal, lock: lock, termGuard: termGuard) }
            group.addTask {
                // What the term has in memory is ahead of Redis then; the next one starts from what is there.
                while witness.losses == losses, !Task.isCancelled { await loss.wait() }
                return "Redis has lost writes"
            }
            let first = await group.next() ?? ""
            termGuard.end()
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        machine.termEnded(at: clock.now)
        health.standsBy()
        logger.notice("not leading any more", metadata: [LogKey.epoch: "\(term.epoch)", LogKey.reason: "\(reason)"])
        // This task may be cancelled already; the release must be sent all the same, so that a standby need not wait for
        // the lease to end.
        await Task { try? await lock.release(term) }.value
        if !Task.isCancelled { try? await Task.sleep(for: timing.renewInterval * Double.random(in: 0.5...1)) }
    }

    /// Renews until the term ends, and says why it did.
    private func renew(
        _ term: Term,
        _ initial: LeaderElectionStateMachine,
        lock: LeaderLock,
        termGuard: TermGuard
    ) async -> String {
        var machine = initial
        var action = LeaderElectionStateMachine.LeaderAction.wait(timing.renewInterval)
        while !Task.isCancelled {
            switch action {
            case .stepDown(let reason):
                return reason
            case .wait(let duration):
                do {
                    try await Task.sleep(for: duration)
                } catch {
                    return "shutting down"
                }
            }
            let sent = clock.now
            let renewal = await answer(within: machine.actsUntil ?? sent) { () throws(StoreError) in
                try await lock.renew(term)
            }
            switch renewal {
            case .success:
                health.redisAnswered()
                action = machine.renewed(sentAt: sent)
                if let actsUntil = machine.actsUntil { termGuard.extend(to: actsUntil) }
            case .failure(let error):
                guard error.isRetryable else {
                    guard error.code == .fenced else { return error.message }
                    termGuard.supersede()
                    return "another coordinator leads"
                }
                health.redisDidNotAnswer()
                logger.warning("the lease was not renewed", metadata: [LogKey.error: "\(error)"])
                action = machine.renewalUnanswered(at: clock.now)
            }
        }
        return "shutting down"
    }

    /// What Redis answers, but no later than the given instant: a leader without an answer must not wait beyond its lease.
    private func answer(
        within deadline: ContinuousClock.Instant,
        _ operation: @escaping @Sendable () async throws(StoreError) -> Void
    ) async -> Result<Void, StoreError> {
        await withTaskGroup(of: Result<Void, StoreError>.self) { group in
            group.addTask {
                do throws(StoreError) {
                    return .success(try await operation())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return .failure(StoreError(.unavailable, "no answer within the lease", mayHaveBeenApplied: true))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(StoreError(.unavailable, "cancelled"))
        }
    }
}
