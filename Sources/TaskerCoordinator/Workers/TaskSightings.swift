import Foundation

/// Which nodes may be running which tasks, by what was seen of each: a value, fed with what was heard and when.
///
/// A node that falls silent is not rid of its tasks. A sighting lasts until the node itself ends it, by an event or by an
/// answer without the task, or until the task's time limit has ended it whatever became of the node.
struct TaskSightings: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Sighting {
        let at: Instant
        var until: Instant
    }

    /// Tasks kept of one node, more than it runs and has waiting: whoever may publish events can name any.
    static let limit = 512

    private var sightings: [String: [UUID: Sighting]] = [:]

    /// A node has taken or begun a task.
    ///
    /// - Parameter until: when the task has ended even if nobody hears of it.
    mutating func saw(_ task: UUID, at node: String, at now: Instant, until: Instant) {
        guard sightings[node] != nil || sightings.count < WorkerRegistry.limit else { return }
        sightings[node, default: [:]][task] = Sighting(at: now, until: until)
        guard let tasks = sightings[node], tasks.count > Self.limit else { return }
        let oldest = tasks.min { $0.value.at < $1.value.at }
        if let oldest { ended(oldest.key, at: node) }
    }

    /// A node has no part in a task any more.
    mutating func ended(_ task: UUID, at node: String) {
        sightings[node]?[task] = nil
        if sightings[node]?.isEmpty == true { sightings[node] = nil }
    }

    /// A node said which tasks it has. What was seen since it was asked may be newer than its answer.
    mutating func answered(_ node: String, having tasks: Set<UUID>, askedAt: Instant) {
        for (id, sighting) in sightings[node] ?? [:] where !tasks.contains(id) && sighting.at <= askedAt {
            ended(id, at: node)
        }
    }

    /// Nothing runs at a node any more.
    mutating func ended(at node: String) { sightings[node] = nil }

    /// These tasks have ended by then at the latest.
    mutating func limit(_ tasks: Set<UUID>, until: Instant) {
        for (node, seen) in sightings {
            for (id, sighting) in seen where tasks.contains(id) && sighting.until > until {
                sightings[node]?[id]?.until = until
            }
        }
    }

    /// Of these tasks, those that nodes may be running, with the nodes.
    func nodes(of tasks: Set<UUID>, at now: Instant) -> [UUID: Set<String>] {
        var nodes: [UUID: Set<String>] = [:]
        for (node, seen) in sightings {
            for (id, sighting) in seen where tasks.contains(id) && sighting.until > now {
                nodes[id, default: []].insert(node)
            }
        }
        return nodes
    }
}
