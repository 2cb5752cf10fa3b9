import Celery
import ScanModel

/// The registry, shared.
actor Roster {
    private(set) var registry = WorkerRegistry()
    /// Signalled when a node comes up.
    nonisolated let newcomers = Wake()
    private let clock = ContinuousClock()

    var scannerNames: Set<String> { Set(registry.scanners.map(\.name)) }

    /// - Returns: whether the node was not known to be alive.
    func heard(from name: String) -> Bool {
        let isNew = registry.heard(from: name, at: clock.now)
        if isNew { newcomers.signal() }
        return isNew
    }

    func left(_ name: String) { registry.left(name) }

    /// Removes silent nodes and returns their names.
    func expire() -> [String] { registry.expire(at: clock.now) }

    func learn(registered: [ControlReply.Answer], statistics: [ControlReply.Answer]) {
        let ours = Set(Phase.allCases.map(BrokerTopology.taskName(of:)))
        for answer in registered {
            if let tasks = try? answer.registeredTasks() {
                registry.learned(scans: ours.isSubset(of: tasks), of: answer.worker)
            }
        }
        for answer in statistics {
            if let slots = try? answer.maximumConcurrency() { registry.learned(slots: slots, of: answer.worker) }
        }
    }
}
