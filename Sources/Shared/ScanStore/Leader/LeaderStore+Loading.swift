public import Foundation
import RedisClient
public import ScanModel

/// A scan that has not ended, as a leader finds it.
public struct ActiveScan: Sendable {
    /// The target's current task, and how far it has come.
    public struct Task: Hashable, Sendable {
        /// The task.
        public let task: TaskReference
        /// How far it has come.
        public let state: TaskState
        /// Unix time in milliseconds of that state; for a parked task the time of its next attempt.
        public let since: Int
        /// The host of the worker that started it.
        public let worker: String?

        /// A target's current task.
        public init(task: TaskReference, state: TaskState, since: Int, worker: String?) {
            self.task = task
            self.state = state
            self.since = since
            self.worker = worker
        }
    }

    /// The scan.
    public let id: ScanID
    /// Whose it is.
    public let project: ProjectID
    /// What was asked for.
    public let request: ScanRequest
    /// Where it is in its life.
    public let state: ScanState
    /// A stop was asked for.
    public let isStopRequested: Bool
    /// Nothing of it is to be dispatched until somebody resumes it.
    public let isPaused: Bool
    /// Who chains its phases; nil until its first dispatch.
    public let chaining: PhaseChaining?
    /// The short name of who asked for it.
    public let caller: String
    /// The id of the request that started it; nil where that was not kept.
    public let requestID: String?
    /// That request's place in a trace; nil where it has none.
    public let traceparent: String?
    /// What it covers; nil while planning.
    public let plan: Plan?
    /// How far the dispatch order has been walked.
    public let cursor: Int
    /// The tasks of targets in flight or parked.
    public let tasks: [Task]

    /// A scan of the given parts.
    public init(
        id: ScanID,
        project: ProjectID,
        request: ScanRequest,
        state: ScanState,
        isStopRequested: Bool,
        isPaused: Bool,
        chaining: PhaseChaining? = .coordinator,
        caller: String = "",
        requestID: String? = nil,
        traceparent: String? = nil,
        plan: Plan?,
        cursor: Int,
        tasks: [Task]
    ) {
        self.id = id
        self.project = project
        self.request = request
        self.state = state
        self.isStopRequested = isStopRequested
        self.isPaused = isPaused
        self.chaining = chaining
        self.caller = caller
        self.requestID = requestID
        self.traceparent = traceparent
        self.plan = plan
        self.cursor = cursor
        self.tasks = tasks
    }
}

extension LeaderStore {
    /// All scans that have not ended, and those that cannot be read, with the reason. Costs a few round trips in all, and
    /// the window's size in data.
    public func activeScans() async throws(StoreError) -> (scans: [ActiveScan], unreadable: [(ScanID, String)]) {
        let ids = try await read([["ZRANGE", .string(Key.activeScans), "0", "-1"]])[0].items
            .compactMap { $0.text.flatMap(ScanID.init(_:)) }
        var scans: [ActiveScan] = []
        var unreadable: [(ScanID, String)] = []
        for id in ids {
            do {
                if let scan = try await activeScan(id) { scans.append(scan) }
            } catch {
                guard error.code == .corrupt else { throw error }
                unreadable.append((id, error.message))
            }
        }
        return (scans, unreadable)
    }

    /// One scan; nil where there is none or it has ended.
    public func activeScan(_ id: ScanID) async throws(StoreError) -> ActiveScan? {
        let replies = try await read([
            ["HGETALL", .string(Key.scan(id))],
            ["SMEMBERS", .string(Key.inFlight(id))],
            ["ZRANGE", .string(Key.parked(id)), "0", "-1"],
        ])
        let fields = replies[0].fields
        guard !fields.isEmpty else { return nil }
        guard let state = fields["state"]?.text.flatMap(ScanState.init(rawValue:)),
            let project = fields["project"]?.text.flatMap(ProjectID.init(_:))
        else { throw StoreError(.corrupt, "scan \(id) cannot be read") }
        guard !state.isTerminal else { return nil }
        let cursor = fields["cursor"]?.number ?? 0
        let targets = (replies[1].items + replies[2].items).compactMap(\.number)
        return ActiveScan(
            id: id,
            project: project,
            request: try fields.decode(ScanRequest.self, "request"),
            state: state,
            isStopRequested: fields["stop"] != nil,
            isPaused: fields["paused"] != nil,
            // A scan that was begun before there was a choice was begun so.
            chaining: fields["chaining"]?.text.flatMap(PhaseChaining.init(rawValue:))
                ?? (cursor > 0 ? .coordinator : nil),
            caller: fields["caller"]?.text ?? "",
            requestID: fields["request_id"]?.text,
            traceparent: fields["traceparent"]?.text,
            plan: fields["targets"] == nil ? nil : try Plan(fields),
            cursor: cursor,
            tasks: Array(try await currentTasks(of: targets, in: id).values)
        )
    }

    /// The ids of the tasks that stops took away within the last day, those of earlier stops first.
    public func revokedTasks() async throws(StoreError) -> [UUID] {
        let scans = try await read([["ZRANGE", .string(Key.revokedScans), "0", "-1"]])[0].items
            .compactMap { $0.text.flatMap(ScanID.init(_:)) }
        guard !scans.isEmpty else { return [] }
        let sets = try await read(scans.map { ["SMEMBERS", .string(Key.revoked($0))] })
        return zip(scans, sets).flatMap { scan, set in
            set.items.compactMap { $0.text.flatMap { TaskReference(scan: scan, text: $0)?.taskID } }
        }
    }
}
