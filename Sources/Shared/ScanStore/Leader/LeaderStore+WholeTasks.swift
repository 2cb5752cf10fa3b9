public import Foundation
import RedisClient
public import ScanModel
import UUIDText

/// What existing workers are to find in Redis of tasks that ask them for both phases of a target.
public struct WholeTaskAnnouncement: Sendable {
    /// Who asked, as an id that says nothing about the token.
    public let user: UUID
    /// The ports asked for, as the tasks name them.
    public let ports: String
    /// Where the targets' addresses are.
    public let plan: Plan

    /// An announcement of tasks of one scan.
    public init(user: UUID, ports: String, plan: Plan) {
        self.user = user
        self.ports = ports
        self.plan = plan
    }
}

/// What existing workers left in Redis of a task.
public struct WholeTaskTrace: Hashable, Sendable {
    /// What was announced is still there: the worker removes it when the task ends, in any way.
    public let isAnnounced: Bool
    /// The host that says that it has the task, and since when in Unix seconds.
    public let running: RunningNote?
    /// Hosts that noted a process of nmap for it.
    public let processHosts: [String]

    /// A worker's own note on a task it has.
    public struct RunningNote: Hashable, Sendable {
        /// The worker's host.
        public let host: String
        /// Unix time in seconds.
        public let startedAt: Int
    }
}

extension LeaderStore {
    /// Tasks looked at in one round trip.
    private static let tasksAtOnce = 500

    /// Notes that workers have these tasks, also where another one had them before, or, with no running target, that they
    /// are in the queue again.
    ///
    /// - Returns: for each whether it is its target's current task.
    public func track(
        _ tasks: [(task: TaskReference, running: RunningTarget?)],
        of scan: ScanID
    ) async throws(StoreError) -> [Bool] {
        var arguments: [RedisArgument] = []
        for (task, running) in tasks {
            arguments += task.arguments
            arguments += [.string(task.taskID.text), .string(running?.worker ?? "")]
            if let running { arguments.append(.bytes(try storedJSON(running))) } else { arguments.append("") }
        }
        return try await write(Script.trackWholeTasks, scan, arguments).items.map { $0.number == 1 }
    }

    /// Those of these tasks that are whole tasks and whose worker has not removed what was announced of them.
    public func announcedTasks(among tasks: Set<UUID>) async throws(StoreError) -> Set<UUID> {
        let tasks = Array(tasks)
        var announced: Set<UUID> = []
        for start in stride(from: 0, to: tasks.count, by: Self.tasksAtOnce) {
            let page = tasks[start..<min(start + Self.tasksAtOnce, tasks.count)]
            let replies = try await read(page.map { ["EXISTS", .string(Key.wholeTask($0))] })
            for (task, reply) in zip(page, replies) where reply.number == 1 { announced.insert(task) }
        }
        return announced
    }

    /// What workers on these hosts left of tasks, by task.
    public func traces(of tasks: [UUID], on hosts: [String]) async throws(StoreError) -> [UUID: WholeTaskTrace] {
        var traces: [UUID: WholeTaskTrace] = [:]
        for start in stride(from: 0, to: tasks.count, by: Self.tasksAtOnce) {
            let page = tasks[start..<min(start + Self.tasksAtOnce, tasks.count)]
            let commands = page.flatMap { task -> [RedisCommand] in
                [["EXISTS", .string(Key.wholeTask(task))]]
                    + hosts.flatMap { host -> [RedisCommand] in
                        [
                            ["LINDEX", .string(Key.running(task, on: host)), "0"],
                            ["HEXISTS", .string(Key.processes(on: host)), .string(task.text)],
                        ]
                    }
            }
            let replies = try await read(commands)
            let width = 1 + 2 * hosts.count
            for (index, task) in page.enumerated() {
                let own = Array(replies[(index * width)..<((index + 1) * width)])
                let notes = hosts.indices.compactMap { own[1 + 2 * $0].runningNote(on: hosts[$0]) }
                traces[task] = WholeTaskTrace(
                    isAnnounced: own[0].number == 1,
                    running: notes.max { $0.startedAt < $1.startedAt },
                    processHosts: hosts.indices.filter { own[2 + 2 * $0].number == 1 }.map { hosts[$0] }
                )
            }
        }
        return traces
    }

    /// Removes what is in Redis of tasks whose worker does not do it any more.
    ///
    /// - Parameter hosts: where workers may have left notes, besides where the tasks are known to have been.
    public func forgetWholeTasks(_ tasks: [UUID], on hosts: [String]) async throws(StoreError) {
        for start in stride(from: 0, to: tasks.count, by: Self.tasksAtOnce) {
            let page = tasks[start..<min(start + Self.tasksAtOnce, tasks.count)]
            _ = try await write(
                Script.forgetWholeTasks,
                [.int(Int64(hosts.count))] + hosts.map(RedisArgument.string) + page.map { .string($0.text) }
            )
        }
    }
}

extension RedisValue {
    /// A worker's note, whatever it says besides.
    fileprivate func runningNote(on host: String) -> WholeTaskTrace.RunningNote? {
        guard let bytes, let note = try? JSONDecoder().decode(StoredNote.self, from: Data(bytes)) else { return nil }
        return WholeTaskTrace.RunningNote(host: host, startedAt: note.startedAt)
    }

    private struct StoredNote: Decodable {
        let startedAt: Int

        private enum CodingKeys: String, CodingKey {
            case startedAt = "started_at"
        }
    }
}
