import AMQPClient
import Logging
import Nmap
import PrometheusMetrics
import ScanModel
import ScanStore
import Telemetry

/// The one place where a failed attempt becomes a retry or an end, whoever noticed it: a result, a silent worker, a
/// deadline, the reconciler.
struct FailedAttempts: Sendable {
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    /// Attempts at one phase of one target.
    let maximumAttempts: Int
    let watch: FailureWatch
    let syncs: LedgerSyncs
    let dispatch: Wake
    let logger: Logger

    private let clock = ContinuousClock()

    /// Handles one failed attempt.
    ///
    /// - Parameter delivery: the result that said so, if one did; it is acknowledged once it may be.
    /// - Returns: true where the delivery was passed on, to be acknowledged later.
    func handle(
        _ task: TaskReference,
        _ reason: FailureReason,
        detail: String,
        delivery: AMQPDelivery? = nil
    ) async throws -> Bool {
        var generator = SystemRandomNumberGenerator()
        // A finding that waits for its import counts, whatever else is said of its task.
        guard let entry = await book.entry(task.scan), !syncs.holds(task, of: entry.project),
            let action = await book.current(task)?.failed(maximumAttempts: maximumAttempts, using: &generator)
        else { return false }
        CoordinatorMetrics.attemptsFailed.count(1, reason.rawValue)
        logger.info(
            "an attempt failed",
            metadata: [
                LogKey.scan: "\(task.scan)", LogKey.target: "\(task.target)", LogKey.phase: "\(task.phase.rawValue)",
                LogKey.attempt: "\(task.attempt)", LogKey.reason: "\(reason.rawValue)",
            ]
        )
        try await watch.failed(task, reason)
        let detail = String(detail.prefix(200))
        switch action {
        case .retry(let attempt, let pause):
            CoordinatorMetrics.retries.count(1, reason.rawValue)
            try await park(task, as: attempt, for: pause)
            return false
        case .importOpenPorts:
            return try await finishWithOpenPorts(task, reason, detail: detail, entry: entry, delivery: delivery)
        case .fail:
            try await settle(Settlement(task: task, outcome: .failed, reason: reason, detail: detail))
            return false
        }
    }

    /// Puts a task aside.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that comes next; the same where the message reached nobody.
    ///   - pause: how long it is not due.
    func park(_ task: TaskReference, as attempt: Int, for pause: Duration = .zero) async throws {
        let due = clock.now + pause
        let parking = Parking(task: task, nextAttempt: attempt, notBefore: UnixTime.milliseconds(after: pause))
        if try await store.park([parking], of: task.scan) == [true] {
            await book.parked([parking], until: due)
        } else {
            try await refresh.targets(of: [task])
        }
        dispatch.signal()
    }

    /// A target between the phases whose second one failed for good: what the first one found is imported.
    ///
    /// - Returns: true where the delivery was passed on, to be acknowledged after the import.
    func finishWithOpenPorts(
        _ task: TaskReference,
        _ reason: FailureReason,
        detail: String?,
        entry: ScanEntry,
        delivery: AMQPDelivery? = nil
    ) async throws -> Bool {
        guard let stored = try await store.storedHosts(of: [task])[0], let host = try? NmapHost(encoded: stored) else {
            // An import that an earlier leader announced may be all there is of it.
            let settlement = Settlement(task: task, outcome: .failed, reason: reason, detail: "no open ports kept")
            try await settle(settlement, afterImport: true)
            return false
        }
        syncs.enqueue(
            FinishedHost(
                task: task,
                host: host.withHostnames(entry.plan?.names(of: task.target) ?? []),
                outcome: .donePartial,
                reason: reason,
                detail: detail,
                request: entry.request,
                delivery: delivery
            ),
            of: entry.project
        )
        return true
    }

    /// Writes the outcome of a target that has nothing to import.
    func settle(_ settlement: Settlement, afterImport: Bool = false) async throws {
        let written = try await store.settle([settlement], of: settlement.task.scan, afterImport: afterImport)
        CoordinatorMetrics.settled([settlement], written)
        if written == [true] {
            await book.settled([settlement.task])
        } else {
            try await refresh.targets(of: [settlement.task])
        }
        dispatch.signal()
    }
}
