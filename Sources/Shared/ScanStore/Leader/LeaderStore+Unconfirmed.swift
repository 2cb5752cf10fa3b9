public import Foundation
import RedisClient
public import ScanModel
import UUIDText

/// A task that a stop took away and that a worker may still be running.
public struct UnconfirmedTask: Hashable, Sendable {
    /// Its Celery id.
    public let id: UUID
    /// The nodes it was seen at, by name; none where nobody saw it.
    public let nodes: Set<String>
    /// When its time limit has ended it, in Unix milliseconds.
    public let until: Int

    /// A task that nobody has confirmed to be gone.
    public init(id: UUID, nodes: Set<String>, until: Int) {
        self.id = id
        self.nodes = nodes
        self.until = until
    }
}

extension LeaderStore {
    /// What stops of a project left unconfirmed, as it was when the last of them was answered.
    public func unconfirmedTasks(of project: ProjectID) async throws(StoreError) -> [UnconfirmedTask] {
        try await unconfirmedTasks(in: [Key.unconfirmed(of: "\(project)")])
    }

    /// The same of all projects.
    public func unconfirmedTasks() async throws(StoreError) -> [UnconfirmedTask] {
        let projects = try await read([["SMEMBERS", .string(Key.unconfirmedProjects)]])[0].items.compactMap(\.text)
        return try await unconfirmedTasks(in: projects.map(Key.unconfirmed(of:)))
    }

    /// Keeps what a stop leaves unconfirmed, for later stops and later leaders.
    ///
    /// - Parameter earlier: what earlier stops left and this one has looked for again.
    public func keepUnconfirmed(
        _ tasks: [UnconfirmedTask],
        notAnyMore earlier: [UUID],
        of project: ProjectID
    ) async throws(StoreError) {
        var arguments: [RedisArgument] = [.string("\(project)"), .int(Int64(earlier.count))]
        arguments += earlier.map { .string($0.text) }
        for task in tasks {
            let kept = KeptTask(nodes: task.nodes.sorted(), until: task.until)
            arguments += [.string(task.id.text), .bytes(try storedJSON(kept))]
        }
        _ = try await write(Script.keepUnconfirmed, arguments)
    }

    private func unconfirmedTasks(in keys: [String]) async throws(StoreError) -> [UnconfirmedTask] {
        guard !keys.isEmpty else { return [] }
        var tasks: [UnconfirmedTask] = []
        for fields in try await read(keys.map { ["HGETALL", .string($0)] }).map(\.fields) {
            for name in fields.keys {
                guard let id = UUID(text: name) else { continue }
                let kept = try fields.decode(KeptTask.self, name)
                tasks.append(UnconfirmedTask(id: id, nodes: Set(kept.nodes), until: kept.until))
            }
        }
        return tasks
    }
}

/// A row of the hash of unconfirmed tasks.
private struct KeptTask: Codable {
    let nodes: [String]
    let until: Int
}
