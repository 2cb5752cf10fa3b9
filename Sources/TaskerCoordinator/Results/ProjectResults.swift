import AMQPClient
import AMQPMessages
import Celery
import Foundation
import Logging
import Nmap
import PrometheusMetrics
import ScanModel
import ScanStore
import Telemetry
import UUIDText

/// Consumes the results of one project. A result is acknowledged once all that follows from it is in Redis, and a finding
/// once ScanLedger has it: a crash at any point brings the message back.
struct ProjectResults: Sendable {
    /// Results that may be unacknowledged at once, those that wait for their import included.
    static let prefetch: UInt16 = 400
    /// Bytes of a host element that are kept between the phases; one that takes more is imported as it is.
    static let largestKeptHost = 1 << 20

    let project: ProjectID
    let broker: AMQPConnection
    let queues: ResultQueues
    let book: ScanBook
    let store: LeaderStore
    let refresh: ScanRefresh
    let syncs: LedgerSyncs
    let failures: FailedAttempts
    let maximumServicePorts: Int
    let dispatch: Wake
    let logger: Logger

    func run() async throws {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        while await !queues.prepare(for: project) { try await Task.sleep(for: backoff.next()) }
        let intake = syncs.intake(of: project)
        repeat {
            await intake.wait(untilOpen: true)
        } while try await consume(until: intake)
    }

    /// - Returns: whether the consumer was ended because results are to wait with the broker.
    private func consume(until intake: Valve) async throws -> Bool {
        let consumer = queues.consume(project, prefetch: Self.prefetch)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await delivery in consumer {
                    try await handle(delivery, untilDone: Backoff(base: .milliseconds(100), cap: .seconds(5)))
                }
                return false
            }
            group.addTask {
                await intake.wait(untilOpen: false)
                return !Task.isCancelled
            }
            let isClosed = try await group.next() ?? false
            if isClosed {
                consumer.cancel()
                // What was handed out already is dealt with; what follows from it goes back.
                _ = try await group.next()
            }
            group.cancelAll()
            return isClosed
        }
    }

    private func handle(_ delivery: AMQPDelivery, untilDone initial: Backoff) async throws {
        let begun = ContinuousClock.now
        defer { CoordinatorMetrics.resultDuration.record(begun.duration(to: .now)) }
        var backoff = initial
        while true {
            do {
                let isPassedOn = try await handleOnce(delivery)
                if !isPassedOn { broker.acknowledge([delivery]) }
                return
            } catch let error as StoreError where error.isRetryable {
                logger.warning("a result waits for Redis", metadata: [LogKey.error: "\(error)"])
                try? await Task.sleep(for: backoff.next())
                if !Task.isCancelled { continue }
                broker.reject([delivery], requeue: true)
                throw CancellationError()
            } catch {
                // The term is over: the next leader gets the result.
                broker.reject([delivery], requeue: true)
                throw error
            }
        }
    }

    /// - Returns: true where the delivery was passed on to the sync, which acknowledges it.
    private func handleOnce(_ delivery: AMQPDelivery) async throws -> Bool {
        if delivery.isOversized { return try await handleOversized(delivery) }
        let result: TaskResult
        do {
            result = try TaskResult(decoding: delivery.body, properties: delivery.properties)
        } catch {
            CoordinatorMetrics.Result.unreadable.count()
            try await setAside("unreadable", "the message cannot be read: \(error)")
            return false
        }
        guard let task = await book.task(result.taskID), let entry = await book.entry(task.scan),
            entry.project == project
        else {
            CoordinatorMetrics.Result.unexpected.count()
            try await setAside(result.taskID.text, "not a task that is waited for")
            return false
        }
        switch result.outcome {
        case .failure(let type, let message):
            CoordinatorMetrics.Result.workerError.count()
            return try await failures.handle(
                task,
                .workerError,
                detail: "\(type): \(message)",
                delivery: delivery
            )
        case .revoked(let reason):
            CoordinatorMetrics.Result.revoked.count()
            return try await failures.handle(task, .lost, detail: "revoked: \(reason)", delivery: delivery)
        case .other:
            // A worker that tracks starts says STARTED here too; the event says it already.
            CoordinatorMetrics.Result.other.count()
            return false
        case .success:
            return try await act(on: try await meaning(of: result, task, entry), task, entry, delivery)
        }
    }

    /// A result too large to be taken in: the message's properties still name its task.
    private func handleOversized(_ delivery: AMQPDelivery) async throws -> Bool {
        CoordinatorMetrics.Result.unreadable.count()
        guard let id = delivery.properties.correlationID.flatMap(UUID.init(text:)),
            let task = await book.task(id)
        else {
            try await setAside("unreadable", "the message is too large")
            return false
        }
        return try await failures.handle(task, .badReport, detail: "the result is too large", delivery: delivery)
    }

    private func meaning(
        of result: TaskResult,
        _ task: TaskReference,
        _ entry: ScanEntry
    ) async throws -> ResultMeaning {
        guard let plan = entry.plan, let report = try? result.decodePayload(as: WorkerReport.self) else {
            return .failedAttempt(.badReport, detail: "the worker's answer cannot be read")
        }
        let verdict = NmapReport.classify(Array(report.xml.utf8), expecting: plan.address(of: task.target))
        let reading = ReportReading(request: entry.request, maximumServicePorts: maximumServicePorts)
        switch task.phase {
        case .openPorts:
            return reading.openPorts(verdict)
        case .services:
            guard let stored = try await store.storedHosts(of: [task])[0] else {
                return .failedAttempt(.badReport, detail: "the first phase's host is not there")
            }
            guard let found = try? NmapHost(encoded: stored) else {
                return .failedAttempt(.badReport, detail: "the first phase's host cannot be read")
            }
            return reading.services(verdict, found: found)
        }
    }

    private func act(
        on meaning: ResultMeaning,
        _ task: TaskReference,
        _ entry: ScanEntry,
        _ delivery: AMQPDelivery
    ) async throws -> Bool {
        guard await book.current(task)?.admits(meaning) == true else {
            CoordinatorMetrics.Result.unexpected.count()
            try await setAside(task.taskID.text, "stale")
            return false
        }
        switch meaning {
        case .failedAttempt(let reason, let detail):
            CoordinatorMetrics.Result.failedAttempt.count()
            return try await failures.handle(task, reason, detail: detail, delivery: delivery)
        case .leadsToServices(let host):
            let kept = host.reduced().encoded()
            guard kept.count <= Self.largestKeptHost else {
                return try await act(on: .finding(host, .donePartial, .tooManyPorts), task, entry, delivery)
            }
            CoordinatorMetrics.Result.leadsToServices.count()
            if try await store.readyServices(after: task, host: kept) {
                await book.ready(after: task)
                await failures.watch.succeeded(task)
            } else {
                try await refresh.targets(of: [task])
            }
            dispatch.signal()
            return false
        case .finding(let host, let outcome, let reason):
            CoordinatorMetrics.Result.finding.count()
            syncs.enqueue(
                FinishedHost(
                    task: task,
                    host: host.withHostnames(entry.plan?.names(of: task.target) ?? []),
                    outcome: outcome,
                    reason: reason,
                    detail: nil,
                    request: entry.request,
                    delivery: delivery
                ),
                of: project
            )
            return true
        case .nothing(let outcome, let reason):
            CoordinatorMetrics.Result.nothing.count()
            try await failures.settle(Settlement(task: task, outcome: outcome, reason: reason))
            switch outcome {
            case .done, .donePartial: await failures.watch.succeeded(task)
            case .failed: try await failures.watch.failed(task, reason)
            }
            return false
        }
    }

    private func setAside(_ task: String, _ reason: String) async throws {
        logger.info("a result is set aside", metadata: [LogKey.task: "\(task)", LogKey.reason: "\(reason)"])
        try await store.setAside(SetAsideNote(task: task, reason: reason, at: UnixTime.seconds), of: project)
    }
}
