import Celery
import ScanModel

/// Which workers are alive and how much they can take: a value, fed with what was heard and when.
struct WorkerRegistry: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A Celery node; a host may run several.
    struct Node: Sendable {
        /// `name@host`.
        let name: String
        let firstSeen: Instant
        var lastSeen: Instant
        /// Tasks it runs at once; nil until it was asked.
        var slots: Int?
        /// Whose scan tasks it takes; nil until it was asked.
        var takes: Set<PhaseChaining>?

        /// What it last said of itself.
        var status: WorkerStatus?

        var isKnown: Bool { slots != nil && takes != nil }
        var host: String { WorkerRegistry.host(of: name) }
    }

    /// Heartbeats come every 2 s; a node silent for this long is gone.
    static let silence = Duration.seconds(10)

    /// Nodes kept at most; whoever may publish events can claim any names.
    static let limit = 10_000

    private(set) var nodes: [String: Node] = [:]
    /// Since when workers are heard without a break.
    private var listeningSince: Instant?

    /// Nodes that may run scans and were alive, and of which nobody knows whether the broker still has messages at them.
    private(set) var lost: Set<String> = []

    /// The part of a node's name after the `@`, which is what users know a worker by.
    static func host(of node: String) -> String {
        node.split(separator: "@", maxSplits: 1).last.map(String.init) ?? node
    }

    /// Notes whether workers can be heard.
    mutating func listening(_ hears: Bool, at now: Instant) {
        listeningSince = hears ? listeningSince ?? now : nil
    }

    /// Whether whoever is alive has been heard by now.
    func knowsEveryone(at now: Instant) -> Bool {
        listeningSince.map { now - $0 > Self.silence } ?? false
    }

    /// A sign of life.
    ///
    /// - Returns: whether the node was not known to be alive.
    mutating func heard(from name: String, _ status: WorkerStatus? = nil, at now: Instant) -> Bool {
        if nodes[name] != nil {
            nodes[name]?.lastSeen = now
            if let status { nodes[name]?.status = status }
            return false
        }
        lost.remove(name)
        guard nodes.count < Self.limit else { return false }
        nodes[name] = Node(name: name, firstSeen: now, lastSeen: now, status: status)
        return true
    }

    /// The node has started, under a name that may have been another's before: nothing that is known of it holds.
    mutating func started(_ name: String, _ status: WorkerStatus? = nil, at now: Instant) -> Bool {
        left(name)
        return heard(from: name, status, at: now)
    }

    /// The node said that it goes. It gives its messages back when it closes its connection.
    mutating func left(_ name: String) {
        guard let node = nodes.removeValue(forKey: name) else { return }
        if node.takes?.isEmpty != true, lost.count < Self.limit { lost.insert(name) }
    }

    /// The broker has closed the node's connection, and taken back what the node had not acknowledged.
    mutating func disconnected(_ name: String) { lost.remove(name) }

    mutating func learned(slots: Int, of name: String) { nodes[name]?.slots = slots }

    mutating func learned(takes: Set<PhaseChaining>, of name: String) { nodes[name]?.takes = takes }

    /// Removes the nodes that have been silent for too long, and returns their names. Where nobody is heard, that says
    /// nothing about the workers.
    mutating func expire(at now: Instant) -> [String] {
        guard knowsEveryone(at: now) else { return [] }
        let silent = nodes.values.filter { now - $0.lastSeen > Self.silence }.map(\.name)
        for name in silent { left(name) }
        return silent
    }

    /// Nodes that run scan tasks.
    var scanners: [Node] { nodes.values.filter { $0.takes?.isEmpty == false } }

    /// Nodes that run scan tasks of one kind.
    func scanners(chainedBy chaining: PhaseChaining) -> [Node] {
        nodes.values.filter { $0.takes?.contains(chaining) == true }
    }

    /// Tasks of one kind that all nodes together run at once.
    func slots(chainedBy chaining: PhaseChaining) -> Int {
        scanners(chainedBy: chaining).reduce(0) { $0 + ($1.slots ?? 0) }
    }

    /// Nodes of which not everything is known yet.
    var unknown: [Node] { nodes.values.filter { !$0.isKnown } }

    /// What the hosts with a node alive do. Of a host with several nodes, those count that take scans, if any does.
    var activities: [String: WorkerActivity] {
        Dictionary(grouping: nodes.values, by: \.host).mapValues { nodes in
            let scanners = nodes.filter { $0.takes?.isEmpty == false }
            let counted = scanners.isEmpty ? nodes : scanners
            let statuses = counted.compactMap(\.status)
            let slots = counted.compactMap(\.slots)
            return WorkerActivity(
                takes: PhaseChaining.allCases.filter { chaining in
                    scanners.contains { $0.takes?.contains(chaining) == true }
                },
                slots: slots.isEmpty ? nil : slots.reduce(0, +),
                active: statuses.reduce(0) { $0 + ($1.active ?? 0) },
                processed: statuses.reduce(0) { $0 + ($1.processed ?? 0) },
                load: statuses.first?.loadAverage ?? [],
                software: statuses.first.map { "\($0.software ?? "") \($0.softwareVersion ?? "")" } ?? ""
            )
        }
    }

    /// Hosts with a node alive.
    var hosts: Set<String> { Set(nodes.values.map(\.host)) }
}
