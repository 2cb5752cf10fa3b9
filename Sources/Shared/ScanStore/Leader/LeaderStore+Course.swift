import RedisClient
public import ScanModel

extension ActiveScan {
    /// What changes of a scan once its plan is made.
    public struct Course: Sendable {
        /// A stop was asked for.
        public let isStopRequested: Bool
        /// Nothing of it is to be dispatched until somebody resumes it.
        public let isPaused: Bool
        /// How far the dispatch order has been walked.
        public let cursor: Int
        /// The current tasks of the targets in flight or parked, by target.
        public let tasks: [Int: Task]

        /// A course of the given parts.
        public init(isStopRequested: Bool, isPaused: Bool, cursor: Int, tasks: [Int: Task]) {
            self.isStopRequested = isStopRequested
            self.isPaused = isPaused
            self.cursor = cursor
            self.tasks = tasks
        }
    }
}

extension LeaderStore {
    /// Targets read in one round trip.
    private static let page = 1_000

    /// How far a scan has come; nil where there is none or it has ended. Costs the window's size in data, whatever the size
    /// of its plan.
    public func course(of id: ScanID) async throws(StoreError) -> ActiveScan.Course? {
        let names = ["state", "stop", "paused", "cursor"]
        let replies = try await read([
            RedisCommand("HMGET", [.string(Key.scan(id))] + names.map(RedisArgument.string)),
            ["SMEMBERS", .string(Key.inFlight(id))],
            ["ZRANGE", .string(Key.parked(id)), "0", "-1"],
        ])
        let fields = replies[0].items.map(\.text)
        guard fields.count == names.count, let text = fields[0] else { return nil }
        guard let state = ScanState(rawValue: text) else { throw StoreError(.corrupt, "scan \(id) cannot be read") }
        guard !state.isTerminal else { return nil }
        return ActiveScan.Course(
            isStopRequested: fields[1] != nil,
            isPaused: fields[2] != nil,
            cursor: fields[3].flatMap { Int($0) } ?? 0,
            tasks: try await currentTasks(of: (replies[1].items + replies[2].items).compactMap(\.number), in: id)
        )
    }

    /// The current tasks of targets of a scan, by target; none of a target that is neither in flight nor parked. A thousand
    /// targets are read in one round trip.
    public func currentTasks(of targets: [Int], in scan: ScanID) async throws(StoreError) -> [Int: ActiveScan.Task] {
        var tasks: [Int: ActiveScan.Task] = [:]
        for start in stride(from: 0, to: targets.count, by: Self.page) {
            let page = targets[start..<min(start + Self.page, targets.count)]
            let times = RedisCommand("ZMSCORE", [.string(Key.parked(scan))] + page.map { .int(Int64($0)) })
            let hashes: [RedisCommand] = page.map {
                ["HMGET", .string(Key.target($0, of: scan)), "phase", "attempt", "state", "since", "worker"]
            }
            let replies = try await read([times] + hashes)
            for (target, (due, fields)) in zip(page, zip(replies[0].items, replies.dropFirst())) {
                tasks[target] = ActiveScan.Task(target, of: scan, fields.items, due: due.number)
            }
        }
        return tasks
    }
}

extension ActiveScan.Task {
    /// Reads phase, attempt, state, since and worker; nil where there is no task.
    fileprivate init?(_ target: Int, of scan: ScanID, _ fields: [RedisValue], due: Int?) {
        guard fields.count == 5, let phase = fields[0].text.flatMap(Phase.init(rawValue:)),
            let attempt = fields[1].number, let state = fields[2].text.flatMap(TaskState.init(rawValue:))
        else { return nil }
        self.init(
            task: TaskReference(scan: scan, target: target, phase: phase, attempt: attempt),
            state: state,
            since: (state == .parked ? due : nil) ?? fields[3].number ?? 0,
            worker: fields[4].text
        )
    }
}
