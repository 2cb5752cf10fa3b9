import AMQPClient
import AMQPMessages
import Celery
import ScanModel

/// What Tasker and the workers share on the broker. Workers declare the same.
enum BrokerTopology {
    /// Where results arrive. A named exchange, so that broker permissions can keep workers from publishing scans.
    static let results = "tasker_results"
    /// How long the result queue of a project outlives its last consumer, in milliseconds.
    private static let resultQueueLife: Int64 = 7 * 86_400_000

    static func queue(of phase: Phase) -> String {
        switch phase {
        case .openPorts: "nmap_open_ports_queue"
        case .services: "nmap_services_queue"
        }
    }

    static func routingKey(of phase: Phase) -> String {
        switch phase {
        case .openPorts: "nmap.open_ports"
        case .services: "nmap.services"
        }
    }

    static func taskName(of phase: Phase) -> String {
        switch phase {
        case .openPorts: "tasker.nmap.open_ports"
        case .services: "tasker.nmap.services"
        }
    }

    static func resultQueue(of project: ProjectID) -> String { "\(results).\(project)" }

    /// The queues that workers take tasks from: one for each phase, and that of existing workers.
    static let taskQueues = Phase.allCases.map(queue(of:)) + [CeleryNames.scanQueue]

    /// Exchanges and queues that tasks go through.
    static let tasks = AMQPTopology(
        exchanges: [
            AMQPExchange(CeleryNames.scans), AMQPExchange(CeleryNames.serviceBroadcast),
            AMQPExchange(CeleryNames.cancelBroadcast), resultExchange,
        ],
        queues: taskQueues.map { AMQPQueue(name: $0) },
        bindings: Phase.allCases.map {
            AMQPBinding(queue: queue(of: $0), exchange: CeleryNames.scans.name, routingKey: routingKey(of: $0))
        } + [
            AMQPBinding(
                queue: CeleryNames.scanQueue,
                exchange: CeleryNames.scans.name,
                routingKey: CeleryNames.scanRoutingKey
            )
        ]
    )

    /// The queue that a project's results wait in; each project has its own, so that one whose import is stuck stalls no
    /// other.
    static func results(of project: ProjectID) -> AMQPTopology {
        let queue = resultQueue(of: project)
        return AMQPTopology(
            exchanges: [resultExchange],
            queues: [AMQPQueue(name: queue, arguments: ["x-expires": .int(resultQueueLife)])],
            bindings: [AMQPBinding(queue: queue, exchange: results, routingKey: queue)]
        )
    }

    /// A queue of this process alone, fed by one of Celery's exchanges.
    ///
    /// It ends with its connection; where this process reads too slowly, the oldest messages go.
    static func ownQueue(_ name: String, boundTo exchange: CeleryNames.Exchange, keys: [String]) -> AMQPTopology {
        let queue = AMQPQueue(
            name: name,
            isDurable: false,
            isExclusive: true,
            isAutoDelete: true,
            arguments: ["x-max-length": .int(100_000)]
        )
        return AMQPTopology(
            exchanges: [AMQPExchange(exchange)],
            queues: [queue],
            bindings: keys.map { AMQPBinding(queue: name, exchange: exchange.name, routingKey: $0) }
        )
    }

    private static let resultExchange = AMQPExchange(name: results, kind: .direct)
}

extension AMQPExchange {
    fileprivate init(_ exchange: CeleryNames.Exchange) {
        let kind: Kind =
            switch exchange.kind {
            case .direct: .direct
            case .fanout: .fanout
            case .topic: .topic
            }
        self.init(name: exchange.name, kind: kind, isDurable: exchange.isDurable)
    }
}
