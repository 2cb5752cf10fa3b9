import AMQPClient
import Celery
import Foundation
import Logging
import ScanModel
import ServiceLifecycle
import Telemetry

/// Listens to workers for as long as the process lives, on standbys too: a new leader knows at once who is there.
actor WorkerMonitor: Service {
    /// What the leader hears of workers.
    enum News: Sendable {
        /// A node began tasks.
        case started([(task: UUID, host: String, at: Int)])
        /// A node came up.
        case hostCame(String)
        /// A node that came up answers: it hears what is told from now on.
        case nodeListens
        /// Nodes said that they go, or fell silent; with the hosts that have no node left.
        case nodesGone(hosts: Set<String>)
    }

    /// A task's step, as a worker told it.
    struct TaskMove: Sendable {
        let task: TaskEvent
        let host: String
        /// Unix time in seconds, by the worker's clock.
        let at: Int
    }

    /// News that a leader has not taken in yet; beyond this the oldest go, and the reconciler finds what they would have
    /// said.
    private static let newsKept = 10_000
    /// How often nodes of which not everything is known are asked again: they are told what was revoked meanwhile as soon as
    /// they answer.
    private static let askInterval = Duration.milliseconds(500)

    /// How often all nodes are told again to send task events, and asked anew what they take: one that was replaced unheard
    /// under its name does not send them, and may take others than before.
    private static let renewalInterval = Duration.seconds(30)

    nonisolated let control: RemoteControl
    /// Knows what workers have, and had when they fell silent.
    nonisolated let census: WorkerCensus
    private nonisolated let broker: AMQPConnection
    private nonisolated let publisher: AMQPConnection
    private nonisolated let logger: Logger
    private nonisolated let queues: WorkerQueues
    private nonisolated let roster: Roster
    private var listener: AsyncStream<News>.Continuation?
    private var moveListener: AsyncStream<[TaskMove]>.Continuation?
    /// The tasks that a worker which starts is to refuse, as the latest term in this process knows them.
    private var revokedTasks: (@Sendable () async -> [UUID]?)?
    private var addresses: [String: String] = [:]
    /// Nodes that do not say what they take, as was reported.
    private var reticent: Set<String> = []
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - broker: what is listened on.
    ///   - publisher: what commands go out on.
    init(broker: AMQPConnection, publisher: AMQPConnection, name: String, logger: Logger) {
        let roster = Roster()
        let queues = WorkerQueues(broker: broker, name: name, logger: logger)
        self.broker = broker
        self.publisher = publisher
        self.logger = logger
        self.queues = queues
        self.roster = roster
        let control = RemoteControl(publisher: publisher, replyQueue: queues.replies, logger: logger)
        self.control = control
        census = WorkerCensus(roster: roster, control: control, broker: broker)
    }

    /// Tasks of one kind that all workers together run at once.
    func slots(chainedBy chaining: PhaseChaining) async -> Int { await roster.registry.slots(chainedBy: chaining) }

    /// What hosts with a node alive do.
    var activities: [String: WorkerActivity] { get async { await roster.registry.activities } }

    /// Asks all nodes anew which scan tasks they take: one that was replaced under its name may take others than before.
    ///
    /// - Returns: all that is known of nodes then.
    func survey() async -> WorkerRegistry {
        await ask(Set(await roster.registry.nodes.keys))
        return await roster.registry
    }

    /// Hosts with a node alive.
    var hosts: Set<String> { get async { await roster.registry.hosts } }

    /// The news from here on, for the leader of one term.
    ///
    /// - Parameter revokedTasks: what workers that come up are to refuse; nil where the term is over.
    func news(revokedTasks: @escaping @Sendable () async -> [UUID]?) -> AsyncStream<News> {
        listener?.finish()
        self.revokedTasks = revokedTasks
        let (stream, continuation) = AsyncStream.makeStream(
            of: News.self,
            bufferingPolicy: .bufferingNewest(Self.newsKept)
        )
        listener = continuation
        return stream
    }

    /// The steps of all tasks from here on, for the leader of one term.
    func taskMoves() -> AsyncStream<[TaskMove]> {
        moveListener?.finish()
        let (stream, continuation) = AsyncStream.makeStream(
            of: [TaskMove].self,
            bufferingPolicy: .bufferingNewest(Self.newsKept)
        )
        moveListener = continuation
        return stream
    }

    /// Addresses that hosts reported since the last call.
    func takeAddresses() -> [String: String] {
        defer { addresses = [:] }
        return addresses
    }

    /// Asks all workers for their address.
    func askAddresses(origin: String) async {
        _ = await publisher.publish([BroadcastTask.updateAddress.message(origin: origin)])
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.listen() }
    }

    private func listen() async throws {
        var backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        while !Task.isCancelled {
            do {
                try await queues.declare()
                break
            } catch {
                logger.warning("the worker queues cannot be declared", metadata: [LogKey.error: "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [queues] in try await queues.hearEvents { await self.heard($0) } }
            group.addTask { [queues, control] in try await queues.hearReplies { control.received($0) } }
            group.addTask { [queues] in try await queues.hearRequests { await self.asked($0) } }
            group.addTask { try await self.keepAsking() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// A worker that starts asks by `hello` which tasks to refuse, and asks again until it is told.
    private func asked(_ request: ControlRequest) async {
        guard let worker = try? request.greetingWorker() else { return }
        if request.isForCoordinators, await roster.asked(worker) { cameUp(worker) }
        await greet(worker, request)
    }

    private func greet(_ worker: String, _ request: ControlRequest) async {
        // The worker names the exchange of the answer: what goes anywhere but to replies would be sent in our name.
        guard request.replyTo?.exchange == CeleryNames.controlReplies.name, let revoked = await revokedTasks?() else {
            return
        }
        guard let greeting = request.greeting(from: queues.requests, revoked: revoked, clock: control.nextClock()),
            case .confirmed = await publisher.publish([greeting]).first
        else {
            logger.warning("a worker was not told what to refuse", metadata: [LogKey.worker: "\(worker)"])
            return
        }
        logger.info(
            "a worker was told what to refuse",
            metadata: [LogKey.worker: "\(worker)", LogKey.count: "\(revoked.count)"]
        )
    }

    private func heard(_ events: [WorkerEvent]) async {
        var started: [(task: UUID, host: String, at: Int)] = []
        var moves: [TaskMove] = []
        for event in events {
            switch event.kind {
            case .online(let status):
                await roster.started(event.worker, status)
                cameUp(event.worker)
            case .heartbeat(let status):
                if await roster.heard(from: event.worker, status) { cameUp(event.worker) }
            case .offline(let status):
                await roster.left(event.worker, isIdle: status.active == 0)
                await announceGone([event.worker])
            case .task(let task):
                await roster.saw(task, at: event.worker)
                let host = WorkerRegistry.host(of: event.worker)
                moves.append(TaskMove(task: task, host: host, at: Int(event.timestamp)))
                if task.transition == .started {
                    started.append((task.id, host, Int(event.timestamp)))
                }
            case .address(let address) where addresses.count < WorkerRegistry.limit:
                addresses[WorkerRegistry.host(of: event.worker)] = address
            case .address, .other:
                break
            }
        }
        if !started.isEmpty { listener?.yield(.started(started)) }
        if !moves.isEmpty { moveListener?.yield(moves) }
    }

    private func cameUp(_ worker: String) {
        logger.info("a worker came up", metadata: [LogKey.worker: "\(worker)"])
        listener?.yield(.hostCame(WorkerRegistry.host(of: worker)))
    }

    private func keepAsking() async throws {
        var renewed = clock.now
        while !Task.isCancelled {
            await roster.listening(broker.isConnected)
            await announceGone(await roster.expire())
            if clock.now - renewed > Self.renewalInterval {
                renewed = clock.now
                await control.enableEvents(of: Set(await roster.registry.nodes.keys))
                _ = await survey()
            }
            let unknown = Set(await roster.registry.unknown.map(\.name))
            if !unknown.isEmpty {
                await control.enableEvents(of: unknown)
                if await ask(unknown) { listener?.yield(.nodeListens) }
                await reportReticent()
            }
            await roster.newcomers.wait(atMost: Self.askInterval)
        }
    }

    /// - Returns: whether there is a node of which everything is known now.
    @discardableResult
    private nonisolated func ask(_ nodes: Set<String>) async -> Bool {
        async let registered = control.ask(.inspect(.registered), of: nodes, waitingAtMost: .seconds(1))
        async let queues = control.ask(.inspect(.activeQueues), of: nodes, waitingAtMost: .seconds(1))
        async let statistics = control.ask(.inspect(.stats), of: nodes, waitingAtMost: .seconds(1))
        return await roster.learn(registered: await registered, queues: await queues, statistics: await statistics)
    }

    private func reportReticent() async {
        let nodes = await roster.registry.reticent(at: clock.now)
        for node in nodes.subtracting(reticent) {
            logger.warning(
                "a worker does not say which tasks it takes, and gets none",
                metadata: [LogKey.worker: "\(node)"]
            )
        }
        reticent = nodes
    }

    private func announceGone(_ nodes: [String]) async {
        guard !nodes.isEmpty else { return }
        let alive = await hosts
        let gone = nodes.filter { !alive.contains(WorkerRegistry.host(of: $0)) }
        listener?.yield(.nodesGone(hosts: Set(gone.map(WorkerRegistry.host(of:)))))
        for node in gone {
            logger.warning("a worker is gone", metadata: [LogKey.worker: "\(node)"])
            addresses[WorkerRegistry.host(of: node)] = nil
        }
    }
}
