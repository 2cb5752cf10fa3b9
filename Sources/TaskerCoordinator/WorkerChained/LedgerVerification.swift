import AddressSpace
import Logging
import ScanLedger
import ScanModel
import ScanStore
import Synchronization
import Telemetry

/// Looks in ScanLedger for the hosts of whole tasks whose worker is through. A worker says so also after a scan that timed
/// out and after an upload that failed, so only a host that is there counts as done.
final class LedgerVerification: Sendable {
    private let ledger: LedgerClient
    private let book: ScanBook
    private let ends: WholeTaskEnds
    private let logger: Logger
    private let waiting = Mutex<[TaskReference]>([])
    private let added = Wake()

    /// Hosts read at a time.
    private static let atOnce = 8

    init(ledger: LedgerClient, book: ScanBook, ends: WholeTaskEnds, logger: Logger) {
        self.ledger = ledger
        self.book = book
        self.ends = ends
        self.logger = logger
    }

    func enqueue(_ task: TaskReference) {
        waiting.withLock { if !$0.contains(task) { $0.append(task) } }
        added.signal()
    }

    /// Reads and settles until the term ends. While ScanLedger does not answer, nothing is concluded.
    func run() async throws {
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
        while !Task.isCancelled {
            let tasks = waiting.withLock { Array($0.prefix(Self.atOnce)) }
            guard !tasks.isEmpty else {
                await added.wait()
                continue
            }
            let settlements = await read(tasks)
            try await ends.settle(settlements, afterImport: true)
            try await ends.forget(settlements.map(\.task))
            let settled = Set(settlements.map(\.task))
            waiting.withLock { $0.removeAll { settled.contains($0) } }
            if settlements.count < tasks.count {
                try await Task.sleep(for: backoff.next())
            } else {
                backoff.reset()
            }
        }
    }

    /// - Returns: what became of those of which ScanLedger told; a task of a scan that is gone has nothing to be told.
    private func read(_ tasks: [TaskReference]) async -> [Settlement] {
        await withTaskGroup(of: Settlement?.self) { group in
            for task in tasks { group.addTask { await self.settlement(of: task) } }
            return await group.reduce(into: []) { settlements, settlement in
                if let settlement { settlements.append(settlement) }
            }
        }
    }

    private func settlement(of task: TaskReference) async -> Settlement? {
        let missing = Settlement(
            task: task,
            outcome: .failed,
            reason: .notInLedger,
            detail: "the worker said it was through"
        )
        guard let entry = await book.entry(task.scan), let plan = entry.plan else { return missing }
        do {
            let host = try await ledger.host(plan.address(of: task.target), of: entry.project)
            guard let host, host.isEvidence(of: entry.id, mode: entry.request.mode) else { return missing }
            let found = FoundTarget(
                ip: "\(plan.address(of: task.target))",
                hostnames: plan.names(of: task.target),
                openPorts: host.ports.count { $0.state == "open" }
            )
            return Settlement(task: task, outcome: .done, found: found)
        } catch {
            // A host that is too large to be read is there.
            if error.code == .tooLarge { return Settlement(task: task, outcome: .done) }
            logger.warning(
                "ScanLedger could not be asked for a host",
                metadata: [LogKey.project: "\(entry.project)", LogKey.error: "\(error)"]
            )
            return nil
        }
    }
}
