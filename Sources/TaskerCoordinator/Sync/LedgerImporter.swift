import AMQPClient
import Logging
import Nmap
import ScanLedger
import ScanModel
import ScanStore
import Telemetry

/// Imports batches into ScanLedger, each host once: marks before, outcomes after, and reads back where an import may have
/// happened without an answer.
struct LedgerImporter: Sendable {
    let ledger: LedgerClient
    let book: ScanBook
    let store: LeaderStore
    let broker: AMQPConnection
    let termGuard: TermGuard
    let dispatch: Wake
    let logger: Logger

    /// How often ScanLedger may refuse a single host's report while it answers reads, before the report is given up.
    private static let refusalsOfOne = 3

    /// Imports hosts of one scan. Returns when each has its outcome; goes on trying for as long as that takes.
    func importAll(_ hosts: [FinishedHost], into project: ProjectID) async throws {
        guard let first = hosts.first else { return }
        let marks = try await retryingStore {
            () throws(StoreError) in try await store.markImports(hosts.map(\.task), of: first.task.scan)
        }
        var marked: [FinishedHost] = []
        var repeated: [FinishedHost] = []
        var stale: [FinishedHost] = []
        for (host, mark) in zip(hosts, marks) {
            switch mark {
            case .marked: marked.append(host)
            case .repeated: repeated.append(host)
            case .stale: stale.append(host)
            }
        }
        for host in marked + repeated { await book.finishing(host.task) }
        broker.acknowledge(stale.compactMap(\.delivery))
        try await send(marked, into: project, areUncertain: false)
        try await send(repeated, into: project, areUncertain: true)
    }

    /// - Parameter areUncertain: an import of these may have happened already.
    private func send(_ hosts: [FinishedHost], into project: ProjectID, areUncertain: Bool) async throws {
        var remaining = hosts
        var areUncertain = areUncertain
        var refusals = 0
        var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
        while let first = remaining.first {
            try Task.checkCancellation()
            try termGuard.check()
            do {
                let imported =
                    areUncertain
                    ? try await shown(of: remaining, in: project)
                    : try await importReport(of: remaining, into: project)
                try await settle(imported)
                let tasks = Set(imported.map(\.task))
                remaining.removeAll { tasks.contains($0.task) }
                areUncertain = false
            } catch let error as LedgerError {
                logger.warning(
                    "an import did not succeed",
                    metadata: [
                        LogKey.project: "\(project)", LogKey.count: "\(remaining.count)", LogKey.error: "\(error)",
                    ]
                )
                areUncertain = areUncertain || error.mayHaveBeenApplied
                let isRefused = error.code == .rejected || error.code == .tooLarge
                if isRefused, await answersReads(project, of: first) {
                    if remaining.count > 1 {
                        try await sendHalves(of: remaining, into: project, areUncertain: areUncertain)
                        return
                    }
                    refusals += 1
                    if refusals == Self.refusalsOfOne {
                        try await settle([first.rejected(by: error)])
                        return
                    }
                }
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Imports all, or throws.
    private func importReport(
        of hosts: [FinishedHost],
        into project: ProjectID
    ) async throws(LedgerError) -> [FinishedHost] {
        try await ledger.importReport(
            report(of: hosts),
            into: project,
            mode: hosts[0].request.mode,
            trackHistory: hosts[0].request.trackHistory
        )
        return hosts
    }

    /// Those that ScanLedger shows as they were to be imported.
    private func shown(of hosts: [FinishedHost], in project: ProjectID) async throws(LedgerError) -> [FinishedHost] {
        var shown: [FinishedHost] = []
        for host in hosts {
            if let known = try await ledger.host(host.host.address, of: project), known.shows(host.host) {
                shown.append(host)
            }
        }
        return shown
    }

    private func sendHalves(of hosts: [FinishedHost], into project: ProjectID, areUncertain: Bool) async throws {
        let middle = hosts.count / 2
        try await send(Array(hosts[..<middle]), into: project, areUncertain: areUncertain)
        try await send(Array(hosts[middle...]), into: project, areUncertain: areUncertain)
    }

    private func answersReads(_ project: ProjectID, of host: FinishedHost) async -> Bool {
        do {
            _ = try await ledger.host(host.host.address, of: project)
            return true
        } catch {
            return false
        }
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

    private func settle(_ hosts: [FinishedHost]) async throws {
        guard let first = hosts.first else { return }
        let written = try await retryingStore {
            () throws(StoreError) in try await store.settle(hosts.map(\.settlement), of: first.task.scan)
        }
        broker.acknowledge(hosts.compactMap(\.delivery))
        await book.settled(zip(hosts, written).filter(\.1).map(\.0.task))
        dispatch.signal()
    }

    private func retryingStore<Value: Sendable>(
        _ operation: () async throws(StoreError) -> Value
    ) async throws -> Value {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
        while true {
            do {
                return try await operation()
            } catch {
                guard error.isRetryable else { throw error }
                logger.warning("the sync waits for Redis", metadata: [LogKey.error: "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }
}

extension FinishedHost {
    /// The same target, given up because ScanLedger refuses its report.
    fileprivate func rejected(by error: LedgerError) -> FinishedHost {
        FinishedHost(
            task: task,
            host: host,
            outcome: .failed,
            reason: .rejectedByScanLedger,
            detail: String(error.message.prefix(200)),
            request: request,
            delivery: delivery
        )
    }
}

extension LedgerHost {
    /// Whether everything that an import of `host` would add is here already.
    func shows(_ host: NmapHost) -> Bool {
        let known = Set(ports.filter { $0.state == "open" }.map { "\($0.number)/\($0.`protocol`)" })
        let found = host.ports.filter { $0.state == .open }.map { "\($0.number)/\($0.transportProtocol.rawValue)" }
        return found.allSatisfy(known.contains) && Set(host.hostnames).isSubset(of: hostnames)
    }
}
