import Foundation
import RedisClient
public import ScanModel

extension ScanStore {
    /// What the status route answers.
    public struct ProjectStatus: Hashable, Sendable {
        /// Targets without an outcome in all active scans; at least one for each scan that is still being planned.
        public var activeOrQueued = 0
        /// Targets that workers are busy with.
        public var running: [RunningTarget] = []
        /// Why results of active scans are not imported; nil where nothing is wrong.
        public var detail: String?
    }

    /// The status of a project, in O(active scans + running targets).
    public func status(of project: ProjectID) async throws(StoreError) -> ProjectStatus {
        let ids = try await execute(["SMEMBERS", .string(Key.activeScans(of: project))])
        let scans = ids.items.compactMap { $0.text.flatMap(ScanID.init(_:)) }
        guard !scans.isEmpty else { return ProjectStatus() }
        var commands: [RedisCommand] = []
        for scan in scans {
            commands.append(RedisCommand("HMGET", [.string(Key.scan(scan))] + Self.countFields))
            commands.append(["HVALS", .string(Key.running(scan))])
        }
        commands.append(["GET", .string(Key.sync(of: project))])
        let replies = try await execute(commands)
        var status = ProjectStatus()
        status.detail = replies.last?.text
        for index in stride(from: 0, to: replies.count - 1, by: 2) {
            let fields = Dictionary(uniqueKeysWithValues: zip(Self.countNames, replies[index].items))
            guard let state = fields["state"]?.text.flatMap(ScanState.init(rawValue:)), !state.isTerminal else {
                continue
            }
            let counts = TargetCounts(fields)
            status.activeOrQueued += state.isPlanning ? 1 : counts.open
            for target in replies[index + 1].items {
                if let bytes = target.bytes,
                    let running = try? JSONDecoder().decode(RunningTarget.self, from: Data(bytes))
                {
                    status.running.append(running)
                }
            }
        }
        return status
    }

    /// The progress of one scan; nil where the project has no such scan.
    public func progress(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanProgress? {
        try await progress(of: [id], in: project).first
    }

    /// The project's scans, latest first.
    ///
    /// - Parameter limit: how many at most; the store keeps the last 1,000.
    public func scans(of project: ProjectID, limit: Int) async throws(StoreError) -> [ScanProgress] {
        let reply = try await execute([
            "ZREVRANGE", .string(Key.scans(of: project)), "0", .int(Int64(limit - 1)),
        ])
        return try await progress(of: reply.items.compactMap { $0.text.flatMap(ScanID.init(_:)) }, in: project)
    }

    private func progress(of ids: [ScanID], in project: ProjectID) async throws(StoreError) -> [ScanProgress] {
        guard !ids.isEmpty else { return [] }
        var commands: [RedisCommand] = []
        for id in ids {
            commands.append(RedisCommand("HMGET", [.string(Key.scan(id))] + Self.progressFields))
            commands.append(["HVALS", .string(Key.running(id))])
        }
        commands.append(["GET", .string(Key.sync(of: project))])
        commands.append(["ZCOUNT", .string(Key.workers), .int(nowInSeconds() - Self.workerSilence), "+inf"])
        let replies = try await execute(commands)
        let hasWorkers = (replies.last?.number ?? 0) > 0
        let sync = replies.dropLast().last?.text
        var result: [ScanProgress] = []
        for (position, id) in ids.enumerated() {
            let fields = Dictionary(uniqueKeysWithValues: zip(Self.progressNames, replies[2 * position].items))
            guard fields["project"]?.text == "\(project)" else { continue }
            let running = replies[2 * position + 1].items.compactMap(\.bytes)
                .compactMap { try? JSONDecoder().decode(RunningTarget.self, from: Data($0)) }
            var progress = try ScanProgress(id: id, project: project, fields, running: running)
            if !progress.state.isTerminal, !progress.state.isPlanning {
                let details = [fields["paused_because"]?.text, fields["warning"]?.text, sync].compactMap(\.self)
                progress.detail = details.isEmpty ? nil : details.joined(separator: "; ")
            }
            if progress.state == .running {
                if fields["paused"]?.bytes != nil {
                    progress.state = .paused
                } else if !hasWorkers {
                    progress.state = .waitingForWorkers
                }
            }
            if progress.state == .running { progress.secondsLeft = fields["eta"]?.number }
            result.append(progress)
        }
        return result
    }

    /// A worker whose last heartbeat is older than this many seconds counts as gone.
    private static let workerSilence = 20

    private static let countNames = [
        "state", "planned", "in_flight", "parked", "done", "done_partial", "failed", "cancelled",
    ]
    private static let progressNames =
        countNames + [
            "project", "paused", "paused_because", "detail", "warning", "created_at", "ended_at", "request", "summary",
            "open_ports_finished", "services_targets", "services_finished", "eta",
        ]
    private static let countFields = countNames.map(RedisArgument.string)
    private static let progressFields = progressNames.map(RedisArgument.string)
}

extension TargetCounts {
    init(_ fields: [String: RedisValue]) {
        self.init()
        planned = fields["planned"]?.number ?? 0
        inFlight = fields["in_flight"]?.number ?? 0
        parked = fields["parked"]?.number ?? 0
        done = fields["done"]?.number ?? 0
        donePartial = fields["done_partial"]?.number ?? 0
        failed = fields["failed"]?.number ?? 0
        cancelled = fields["cancelled"]?.number ?? 0
    }
}

extension ScanProgress {
    fileprivate init(
        id: ScanID,
        project: ProjectID,
        _ fields: [String: RedisValue],
        running: [RunningTarget]
    ) throws(StoreError) {
        guard let state = fields["state"]?.text.flatMap(ScanState.init(rawValue:)) else {
            throw StoreError(.corrupt, "scan \(id) has no state")
        }
        let counts = TargetCounts(fields)
        let request = try fields.decode(ScanRequest.self, "request")
        var openPorts = PhaseCounts()
        openPorts.targets = counts.planned
        openPorts.finished = fields["open_ports_finished"]?.number ?? 0
        openPorts.running = running.count { $0.phase == .openPorts }
        var services = PhaseCounts()
        services.targets = fields["services_targets"]?.number ?? 0
        services.finished = fields["services_finished"]?.number ?? 0
        services.running = running.count { $0.phase == .services }
        self.init(
            id: id,
            project: project,
            state: state,
            detail: fields["detail"]?.text,
            createdAt: fields["created_at"]?.number ?? 0,
            endedAt: fields["ended_at"]?.number,
            mode: request.mode,
            counts: counts,
            summary: fields["summary"]?.bytes == nil ? nil : try fields.decode(PlanSummary.self, "summary"),
            phases: request.includeServices ? [.openPorts: openPorts, .services: services] : [.openPorts: openPorts]
        )
    }
}
