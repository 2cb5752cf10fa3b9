import Foundation
import Logging
import ScanModel
import ScanStore
import Telemetry

/// What the leader does about workers: notes starts and keeps their records. The tasks of a worker that is gone are found by
/// the reconciler.
struct WorkerDesk: Sendable {
    let monitor: WorkerMonitor
    /// What workers that start are told to refuse.
    let tombstones: Tombstones
    let termGuard: TermGuard
    let book: ScanBook
    let store: LeaderStore
    let dispatch: Wake
    /// Signalled when a worker is gone.
    let workerGone: Wake
    /// How often all workers are asked for their address.
    let addressInterval: Duration
    let logger: Logger

    /// Signalled when there is a new worker to be recorded.
    private let records = Wake()

    /// How often the records of workers are renewed; they last 90 s.
    private static let recordInterval = Duration.seconds(2)

    func run() async throws {
        let news = await monitor.news { [tombstones, termGuard] in await tombstones.told(under: termGuard) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await item in news { try await takeIn(item) }
            }
            group.addTask { try await keepRecords() }
            group.addTask { try await keepAsking() }
            try await group.next()
            group.cancelAll()
        }
    }

    private func takeIn(_ news: WorkerMonitor.News) async throws {
        do {
            switch news {
            case .started(let starts): try await started(starts)
            case .hostCame:
                records.signal()
                await monitor.askAddresses(origin: store.term.holder)
            case .nodeListens:
                await repeatRevocations()
                dispatch.signal()
            case .nodesGone(let hosts):
                workerGone.signal()
                for host in hosts { try await store.tell(book.activeProjects, lost: host) }
            }
        } catch let error as StoreError where error.isRetryable {
            // The reconciler finds what this would have said.
            logger.warning("news of a worker was not recorded", metadata: [LogKey.error: "\(error)"])
        }
    }

    /// A worker that comes back after a silence goes on with what it has until it is told; and one that asks as Celery's
    /// `mingle` does, before it listens to commands, may have missed a stop between the two.
    private func repeatRevocations() async {
        let revoked = await tombstones.all
        if !revoked.isEmpty { await monitor.control.revoke(revoked) }
    }

    private func started(_ starts: [(task: UUID, host: String, at: Int)]) async throws {
        var byScan: [ScanID: [(task: TaskReference, running: RunningTarget)]] = [:]
        for start in starts {
            guard let task = await book.task(start.task), await book.chaining(of: task.scan) == .coordinator,
                let plan = await book.entry(task.scan)?.plan
            else { continue }
            let running = RunningTarget(
                ip: "\(plan.address(of: task.target))",
                hostnames: plan.names(of: task.target),
                worker: start.host,
                startedAt: start.at,
                phase: task.phase
            )
            byScan[task.scan, default: []].append((task, running))
        }
        for (scan, tasks) in byScan {
            for ((task, _), noted) in zip(tasks, try await store.start(tasks, of: scan)) where noted {
                await book.started(task)
            }
        }
    }

    private func keepRecords() async throws {
        while !Task.isCancelled {
            let addresses = await monitor.takeAddresses()
            var hosts: [String: (address: String?, activity: WorkerActivity)] = [:]
            for (host, activity) in await monitor.activities { hosts[host] = (addresses[host], activity) }
            do {
                try await store.seeWorkers(hosts, atSeconds: UnixTime.seconds)
            } catch {
                guard error.isRetryable else { throw error }
                logger.warning("the workers' records were not renewed", metadata: [LogKey.error: "\(error)"])
            }
            dispatch.signal()
            await records.wait(atMost: Self.recordInterval)
        }
    }

    private func keepAsking() async throws {
        while !Task.isCancelled {
            await monitor.askAddresses(origin: store.term.holder)
            try await Task.sleep(for: addressInterval)
        }
    }
}
