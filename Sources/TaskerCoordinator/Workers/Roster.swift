import Celery
import Foundation
import ScanModel

/// The registry and the sightings, shared.
actor Roster {
    private(set) var registry = WorkerRegistry()
    private var sightings = TaskSightings()
    /// Signalled when a node comes up.
    nonisolated let newcomers = Wake()
    private let clock = ContinuousClock()

    /// The nodes that run scans, and those that may and cannot be asked: not known yet, or not heard of any more.
    var nodesToAsk: (asked: Set<String>, unheard: Set<String>) {
        let unknown = registry.nodes.values.filter { $0.takes == nil }
        return (Set(registry.scanners.map(\.name)), registry.lost.union(unknown.map(\.name)))
    }

    /// Whether there is anybody to ask, and whoever is alive has been heard by now.
    var isMeaningful: Bool { registry.knowsEveryone(at: clock.now) && !registry.scanners.isEmpty }

    func listening(_ hears: Bool) { registry.listening(hears, at: clock.now) }

    /// A node says that it has started.
    func started(_ name: String, _ status: WorkerStatus) {
        _ = registry.started(name, status, at: clock.now)
        newcomers.signal()
    }

    /// - Returns: whether the node was not known to be alive.
    func heard(from name: String, _ status: WorkerStatus? = nil) -> Bool {
        let isNew = registry.heard(from: name, status, at: clock.now)
        if isNew { newcomers.signal() }
        return isNew
    }

    /// A node asked coordinators what to refuse, as only those do that run scans. Once it is told it may take tasks, so from
    /// here on it is asked what it holds.
    ///
    /// - Returns: whether the node was not known to be alive.
    func asked(_ name: String) -> Bool {
        let isNew = heard(from: name)
        registry.learned(takes: [.coordinator], of: name)
        return isNew
    }

    /// - Parameter isIdle: whether the node said that it runs nothing. Others finish what they run, and hear nothing.
    func left(_ name: String, isIdle: Bool) {
        registry.left(name)
        if isIdle { sightings.ended(at: name) }
    }

    func disconnected(_ name: String) { registry.disconnected(name) }

    /// Removes silent nodes and returns their names.
    func expire() -> [String] { registry.expire(at: clock.now) }

    /// A node said how far it has come with a task.
    func saw(_ task: TaskEvent, at node: String) {
        switch task.transition {
        case .received, .started: sightings.saw(task.id, at: node, at: clock.now, until: clock.now + TaskLife.longest)
        case .succeeded, .failed, .rejected, .revoked, .retried: sightings.ended(task.id, at: node)
        case .sent: break
        }
    }

    /// A node may be running a task, as an earlier leader knew.
    func recall(_ task: UUID, at nodes: Set<String>, for life: Duration) {
        for node in nodes { sightings.saw(task, at: node, at: clock.now, until: clock.now + life) }
    }

    /// A node said which tasks it has.
    func answered(_ node: String, having tasks: Set<UUID>, askedAt: ContinuousClock.Instant) {
        sightings.answered(node, having: tasks, askedAt: askedAt)
    }

    /// These tasks have ended after this time at the latest.
    func limit(_ tasks: Set<UUID>, to life: Duration) { sightings.limit(tasks, until: clock.now + life) }

    /// Of these tasks, those that nodes may be running, with the nodes.
    func nodes(of tasks: Set<UUID>) -> [UUID: Set<String>] { sightings.nodes(of: tasks, at: clock.now) }

    /// Takes in what nodes said of themselves.
    ///
    /// - Parameters:
    ///   - registered: the tasks they know.
    ///   - queues: where they take tasks from.
    ///   - statistics: how many processes they have.
    /// - Returns: whether there is a node of which everything is known now.
    func learn(
        registered: [ControlReply.Answer],
        queues: [ControlReply.Answer],
        statistics: [ControlReply.Answer]
    ) -> Bool {
        let unknown = registry.unknown.count
        let queues = Dictionary(queues.map { ($0.worker, try? $0.queues()) }, uniquingKeysWith: { $1 })
        for answer in registered {
            guard let tasks = try? answer.registeredTasks(),
                let takes = Self.takes(knowing: tasks, from: queues[answer.worker] ?? nil)
            else { continue }
            registry.learned(takes: takes, of: answer.worker)
        }
        for answer in statistics {
            if let slots = try? answer.maximumConcurrency() { registry.learned(slots: slots, of: answer.worker) }
        }
        return registry.unknown.count < unknown
    }

    /// Whose scan tasks a node takes that knows these tasks. Of those that know an existing worker's only the queues tell:
    /// an existing host runs three nodes that all know it, and one of them takes scans.
    ///
    /// - Parameter queues: nil where the node has not said.
    /// - Returns: nil while that cannot be told.
    private static func takes(knowing tasks: Set<String>, from queues: Set<String>?) -> Set<PhaseChaining>? {
        let phaseTasks = Set(Phase.allCases.map(BrokerTopology.taskName(of:)))
        let takes: Set<PhaseChaining> = phaseTasks.isSubset(of: tasks) ? [.coordinator] : []
        guard tasks.contains(CeleryNames.scanTask) else { return takes }
        guard let queues else { return takes.isEmpty ? nil : takes }
        return queues.contains(CeleryNames.scanQueue) ? takes.union([.worker]) : takes
    }
}
