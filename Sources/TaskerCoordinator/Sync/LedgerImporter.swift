import AMQPClient
import Logging
import Nmap
import PrometheusMetrics
import ScanLedger
import ScanModel
import ScanStore
import Synchronization
import Telemetry
import UUIDText

/// Imports batches into ScanLedger, each host once: announces them before, writes outcomes after, and reads back where an
/// import may have happened without an answer.
final class LedgerImporter: Sendable {
    private let ledger: LedgerClient
    private let book: ScanBook
    private let store: LeaderStore
    private let refresh: ScanRefresh
    private let broker: AMQPConnection
    private let termGuard: TermGuard
    private let dispatch: Wake
    private let watch: FailureWatch
    private let logger: Logger
    private let clock = ContinuousClock()
    /// When ScanLedger last took a report.
    private let lastImport = Mutex<ContinuousClock.Instant?>(nil)

    private static let waiting: Logger.Message = "the sync waits for Redis"

    init(
        ledger: LedgerClient,
        book: ScanBook,
        store: LeaderStore,
        refresh: ScanRefresh,
        broker: AMQPConnection,
        termGuard: TermGuard,
        dispatch: Wake,
        watch: FailureWatch,
        logger: Logger
    ) {
        self.ledger = ledger
        self.book = book
        self.store = store
        self.refresh = refresh
        self.broker = broker
        self.termGuard = termGuard
        self.dispatch = dispatch
        self.watch = watch
        self.logger = logger
    }

    /// Marks tasks in Redis whose import is about to be tried.
    ///
    /// - Returns: those that are marked now.
    func announce(_ tasks: [TaskReference], of scan: ScanID) async throws -> Set<TaskReference> {
        let marks = try await untilRedisAnswers(Self.waiting, logger: logger) {
            try await store.markImports(tasks, of: scan)
        }
        let marked = zip(tasks, marks).filter { $0.1 == .marked }.map(\.0)
        for task in marked { await book.finishing(task) }
        return Set(marked)
    }

    /// Imports hosts of one scan; goes on trying until nothing was imported for so long that the results are to go back.
    ///
    /// - Returns: hosts that are to be tried again: those that ScanLedger refuses while it answers reads, and what is left
    ///   when `health` is over.
    func importAll(
        _ hosts: [FinishedHost],
        into project: ProjectID,
        health: inout SyncHealth
    ) async throws -> [FinishedHost] {
        guard let scan = hosts.first?.task.scan else { return [] }
        return try await Correlation.$current.withValue(await book.entry(scan)?.correlation) {
            try await importAll(hosts, of: scan, into: project, health: &health)
        }
    }

    private func importAll(
        _ hosts: [FinishedHost],
        of scan: ScanID,
        into project: ProjectID,
        health: inout SyncHealth
    ) async throws -> [FinishedHost] {
        let unmarked = hosts.filter { !$0.isMarked }
        let marks = try await untilRedisAnswers(Self.waiting, logger: logger) {
            try await store.markImports(unmarked.map(\.task), of: scan)
        }
        var certain = hosts.filter(\.isMarked)
        var repeated: [FinishedHost] = []
        var stale: [FinishedHost] = []
        for (host, mark) in zip(unmarked, marks) {
            switch mark {
            case .marked: certain.append(host)
            case .repeated: repeated.append(host)
            case .stale: stale.append(host)
            }
        }
        for host in certain + repeated { await book.finishing(host.task) }
        try await drop(stale, of: project)
        var left = try await send(certain, into: project, areUncertain: false, health: &health)
        left += try await send(repeated, into: project, areUncertain: true, health: &health)
        // What was tried is marked in Redis, and looked up before it is tried again.
        for index in left.indices { left[index].isMarked = false }
        return left
    }

    /// - Parameter areUncertain: an import of these may have happened already.
    private func send(
        _ hosts: [FinishedHost],
        into project: ProjectID,
        areUncertain: Bool,
        health: inout SyncHealth
    ) async throws -> [FinishedHost] {
        var remaining = hosts
        var areUncertain = areUncertain
        while !remaining.isEmpty {
            try await termGuard.waitUntilActing()
            do {
                let imported =
                    areUncertain
                    ? try await shown(of: remaining, in: project)
                    : try await importReport(of: remaining, into: project)
                if !areUncertain { try await health.succeeded() }
                try await settle(imported)
                for host in imported { await watch.succeeded(host.task) }
                let tasks = Set(imported.map(\.task))
                remaining.removeAll { tasks.contains($0.task) }
                areUncertain = false
            } catch let error as LedgerError {
                areUncertain = areUncertain || error.mayHaveBeenApplied
                switch await meaning(of: error, for: remaining[0], in: project) {
                case .refusedReport:
                    return try await separate(
                        remaining,
                        refusedWith: error,
                        in: project,
                        areUncertain: areUncertain,
                        health: &health
                    )
                case .noProject:
                    try await quarantine(remaining.map { $0.refused(with: error, at: clock.now) })
                    return []
                case .trouble(let error):
                    try await health.failed(error)
                    if health.isOver { return remaining }
                    try await Task.sleep(for: health.nextPause())
                }
            }
        }
        return []
    }

    /// What a failed import, or reading back, says.
    private enum Meaning {
        /// ScanLedger refuses this report and is well.
        case refusedReport
        /// There is nothing to import into any more.
        case noProject
        /// It would refuse any report, or did not answer.
        case trouble(LedgerError)
    }

    private func meaning(of error: LedgerError, for host: FinishedHost, in project: ProjectID) async -> Meaning {
        do throws(LedgerError) {
            switch error.code {
            case .rejected, .tooLarge:
                _ = try await ledger.host(host.host.address, of: project)
                return .refusedReport
            case .notFound:
                return try await ledger.hasProject(project) ? .trouble(error) : .noProject
            case .unavailable, .unauthorised, .forbidden, .unreadable:
                return .trouble(error)
            }
        } catch {
            return .trouble(error)
        }
    }

    /// ScanLedger refuses a report and answers reads. Several hosts are tried in halves. A single one is given up once
    /// another report was taken since the first refusal of one that had it; until then it may as well be an outage of writes.
    private func separate(
        _ hosts: [FinishedHost],
        refusedWith error: LedgerError,
        in project: ProjectID,
        areUncertain: Bool,
        health: inout SyncHealth
    ) async throws -> [FinishedHost] {
        if health.isOver { return hosts }
        let now = clock.now
        let suspects = hosts.map { $0.refused(with: error, at: now) }
        guard let since = suspects.first?.refusal?.since else { return [] }
        if suspects.count > 1 {
            let middle = suspects.count / 2
            var left: [FinishedHost] = []
            for half in [suspects[..<middle], suspects[middle...]] {
                left += try await send(Array(half), into: project, areUncertain: areUncertain, health: &health)
            }
            return left
        }
        if let taken = lastImport.withLock({ $0 }), taken > since {
            try await quarantine(suspects)
            return []
        }
        if since < now {
            try await health.refusedAlone(error)
            try await Task.sleep(for: .seconds(Double.random(in: 1...3)))
        }
        return suspects
    }

    /// Imports all, or throws. A term that ends in good order lets the report arrive before another coordinator leads, which
    /// would look for its hosts in ScanLedger too soon, find none, and import them again.
    private func importReport(
        of hosts: [FinishedHost],
        into project: ProjectID
    ) async throws(LedgerError) -> [FinishedHost] {
        let begun = clock.now
        let request = hosts[0].request
        let report = report(of: hosts)
        do {
            try await completing(by: { [termGuard] in termGuard.actsUntil }) { [ledger] () async throws(LedgerError) in
                try await ledger.importReport(
                    report,
                    into: project,
                    mode: request.mode,
                    trackHistory: request.trackHistory
                )
            }
        } catch {
            CoordinatorMetrics.imported(hosts.count, in: begun.duration(to: clock.now), error)
            throw error
        }
        CoordinatorMetrics.imported(hosts.count, in: begun.duration(to: clock.now))
        lastImport.withLock { $0 = clock.now }
        return hosts
    }

    /// Those that ScanLedger shows as they were to be imported.
    private func shown(of hosts: [FinishedHost], in project: ProjectID) async throws(LedgerError) -> [FinishedHost] {
        var shown: [FinishedHost] = []
        for host in hosts {
            if let known = try await ledger.host(host.host.address, of: project), known.shows(host) {
                shown.append(host)
            }
        }
        return shown
    }

    private func report(of hosts: [FinishedHost]) -> [UInt8] {
        let options = hosts[0].request.openPorts
        return ImportReport.document(
            hosts: hosts.map(\.host),
            ports: options.ports,
            transportProtocol: options.transportProtocol,
            start: hosts.map(\.host.startTime).min() ?? 0
        )
    }

    /// Ends targets of one scan whose reports ScanLedger will not take; the reports are kept together with the outcomes.
    func quarantine(_ hosts: [FinishedHost]) async throws {
        guard let scan = hosts.first?.task.scan, let error = hosts.first?.refusal?.error else { return }
        logger.warning(
            "reports go into quarantine",
            metadata: [LogKey.scan: "\(scan)", LogKey.count: "\(hosts.count)", LogKey.error: "\(error)"]
        )
        try await settle(hosts) { host in
            Settlement(
                task: host.task,
                outcome: .failed,
                reason: .rejectedByScanLedger,
                detail: host.refusal.map { String($0.error.message.prefix(200)) },
                refusedReport: RefusedReport(address: host.host.address, xml: report(of: [host]))
            )
        }
        CoordinatorMetrics.quarantined.count(hosts.count)
        for host in hosts { try await watch.failed(host.task, .rejectedByScanLedger) }
    }

    private func settle(
        _ hosts: [FinishedHost],
        as settlement: (FinishedHost) -> Settlement = \.settlement
    ) async throws {
        guard let scan = hosts.first?.task.scan else { return }
        let settlements = hosts.map(settlement)
        let written = try await untilRedisAnswers(Self.waiting, logger: logger) {
            try await store.settle(settlements, of: scan, afterImport: true)
        }
        CoordinatorMetrics.settled(settlements, written)
        broker.acknowledge(hosts.compactMap(\.delivery))
        let results = zip(hosts.map(\.task), written)
        await book.settled(results.filter(\.1).map(\.0))
        try await refresh.targets(of: results.filter { !$0.1 }.map(\.0))
        dispatch.signal()
    }

    /// Results of tasks that are not their targets' current ones.
    private func drop(_ hosts: [FinishedHost], of project: ProjectID) async throws {
        for host in hosts {
            let note = SetAsideNote(task: host.task.taskID.text, reason: "stale", at: UnixTime.seconds)
            try await untilRedisAnswers(Self.waiting, logger: logger) { try await store.setAside(note, of: project) }
        }
        broker.acknowledge(hosts.compactMap(\.delivery))
        try await refresh.targets(of: hosts.map(\.task))
    }
}
