public import AMQPMessages
import Dispatch
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization

/// A connection to a RabbitMQ broker that comes back by itself.
///
/// It confirms what it publishes, takes deliveries with manual acks, and declares what it has to again after every
/// reconnect. One thread of its own does the work, during ``run()``; all methods may be called from anywhere, and wait
/// without blocking a thread. Callers are served while the broker is away: they wait as long as the configuration says.
///
/// A broker short of memory or disk stops reading from a connection that publishes, acks included. Whoever must go on
/// settling deliveries then uses one connection for publishing and another for consuming.
public final class AMQPConnection: Service, Sendable {
    /// Memory for the thread's stack. The C library decodes nested tables by recursion, and a hostile message of one
    /// frame may hold some 26,000 levels: with 2 MiB it ends the process, with 4 MiB it does not.
    private static let stackSize = 16 << 20
    /// How long the thread may take to finish: seconds that suffice unless the broker takes nothing.
    private static let stopPatience = 3.0

    private let configuration: AMQPConfiguration
    private let name: String
    private let topology: AMQPTopology
    private let logger: Logger
    private let mailbox = Mailbox()
    private let status = ConnectionStatus()
    private let interrupter = SocketInterrupter()
    private let admission: Admission
    private let lastConsumer = Atomic<UInt64>(0)

    /// A connection, to be opened by ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: The broker and the limits.
    ///   - name: Shown in the broker's management.
    ///   - topology: Declared on every connection before anything else.
    ///   - logger: Told of connects, losses and refusals.
    public init(
        configuration: AMQPConfiguration,
        name: String,
        topology: AMQPTopology = AMQPTopology(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.name = name
        self.topology = topology
        self.logger = logger
        admission = Admission(limit: configuration.maximumWaiting)
    }

    /// Connects and serves until the task is cancelled or the service is shut down. To be called once.
    ///
    /// At the end messages already sent get a moment to be confirmed, and everything that waits is answered.
    public func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { [configuration, name, topology, mailbox, status, interrupter, logger] in
                    ConnectionLoop(
                        configuration: configuration,
                        name: name,
                        topology: topology,
                        mailbox: mailbox,
                        status: status,
                        interrupter: interrupter,
                        logger: logger
                    ).run()
                    continuation.resume()
                }
                thread.name = "amqp"
                thread.stackSize = Self.stackSize
                thread.start()
            }
        } onCancelOrGracefulShutdown: {
            self.stop()
        }
    }

    /// Asks the thread to finish, and makes it when it does not: a write waits for a broker that does not read.
    private func stop() {
        mailbox.stop()
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.stopPatience) { [interrupter] in
            interrupter.interrupt()
        }
    }

    /// Whether the broker is connected, logged in to, and ready to take messages.
    public var isConnected: Bool { status.current.isConnected }

    /// How often there was a connection so far: where it is the same before and after, nothing was taken back between.
    public var connectionCount: Int { status.current.connections }

    /// Whether the broker, short of memory or disk, accepts no messages now. Publishing then waits.
    public var isBlocked: Bool { status.current.blockedReason != nil }

    /// Why there is no connection, or `nil` while there is one.
    public var lastFailure: AMQPError? { status.current.lastFailure }

    /// Declares exchanges, queues and bindings; what the broker has accepted is declared again on every reconnect, and
    /// a queue also when its consumer finds it gone, until ``forget(_:)``.
    public func declare(_ topology: AMQPTopology) async throws(AMQPError) {
        if let problem = topology.problem { throw AMQPError(code: .invalidRequest, message: problem) }
        return try await request { .declare(topology, deadline: $0, $1) }
    }

    /// Declares these no more by itself. The broker keeps what it has.
    public func forget(_ topology: AMQPTopology) {
        mailbox.post(.forget(topology))
    }

    /// Publishes messages and waits until each is confirmed or its time is over.
    ///
    /// Messages of one call are sent in order, and calls in the order of their arrival. Cancelling the task does not
    /// take messages back.
    ///
    /// - Parameters:
    ///   - messages: The messages.
    ///   - end: What has not been sent by then is not sent at all; where none is given, or that comes later, what the
    ///     configuration allows.
    /// - Returns: What became of each message, in the order of the messages.
    public func publish(
        _ messages: [AMQPMessage],
        by end: ContinuousClock.Instant? = nil
    ) async -> [PublishOutcome] {
        guard !messages.isEmpty else { return [] }
        guard admission.enter(messages.count) else {
            return messages.map { _ in .notSent(reason: AMQPError.overloaded.message) }
        }
        defer { admission.leave(messages.count) }
        let patience = ContinuousClock.now + configuration.publishTimeout
        let deadline = min(patience, end ?? patience)
        let result = await withCheckedContinuation { continuation in
            _ = mailbox.post(.publish(messages, deadline: deadline, Reply(continuation)))
        }
        switch result {
        case .success(let outcomes): return outcomes
        case .failure(let error): return messages.map { _ in .notSent(reason: error.message) }
        }
    }

    /// Starts a consumer, now or as soon as there is a connection.
    ///
    /// - Parameters:
    ///   - queue: The queue. While it is missing the consumer waits for it.
    ///   - prefetch: How many deliveries may be unsettled at a time; at least one.
    public func consume(queue: String, prefetch: UInt16) -> AMQPConsumer {
        precondition(prefetch > 0, "a consumer needs a bound")
        let id = lastConsumer.add(1, ordering: .relaxed).newValue
        let registration = ConsumerRegistration(id: id, queue: queue, prefetch: prefetch, buffer: DeliveryBuffer())
        if !mailbox.post(.consume(registration)) { _ = registration.buffer.finish() }
        return AMQPConsumer(registration: registration, mailbox: mailbox)
    }

    /// Tells the broker that deliveries are dealt with. Those of an earlier connection are ignored: the broker has
    /// taken them back. There is no answer; an ack lost with the connection means that the message comes again.
    public func acknowledge(_ deliveries: [AMQPDelivery]) {
        mailbox.post(.settle(deliveries.map(\.id), .acknowledged))
    }

    /// Gives deliveries back to their queue, or drops them. Those of an earlier connection are ignored.
    public func reject(_ deliveries: [AMQPDelivery], requeue: Bool) {
        mailbox.post(.settle(deliveries.map(\.id), .rejected(requeue: requeue)))
    }

    /// Takes one message from a queue, to be acknowledged or rejected; `nil` when there is none.
    public func get(queue: String) async throws(AMQPError) -> AMQPDelivery? {
        try await request(named: queue) { .get(queue: queue, deadline: $0, $1) }
    }

    /// Takes messages from a queue, all on one way there and back; fewer than asked for when there are no more.
    public func get(queue: String, atMost count: Int) async throws(AMQPError) -> [AMQPDelivery] {
        let results = await withTaskGroup(of: Result<AMQPDelivery?, AMQPError>.self) { group in
            for _ in 0..<count {
                group.addTask {
                    do throws(AMQPError) { return .success(try await self.get(queue: queue)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var deliveries: [AMQPDelivery] = []
        var failure: AMQPError?
        for result in results {
            switch result {
            case .success(let delivery): if let delivery { deliveries.append(delivery) }
            case .failure(let error): failure = error
            }
        }
        guard let failure else { return deliveries }
        reject(deliveries, requeue: true)
        throw failure
    }

    /// Asks how full a queue is. A missing queue is ``AMQPError/Code/channelClosed(replyCode:)`` with 404.
    public func depth(queue: String) async throws(AMQPError) -> AMQPQueueDepth {
        try await request(named: queue) { .inspect(queue: queue, deadline: $0, $1) }
    }

    /// Deletes a queue with its messages and bindings, here and in what is declared on a reconnect.
    ///
    /// - Returns: How many messages were in it; 0 also where there was no such queue.
    @discardableResult
    public func deleteQueue(_ queue: String) async throws(AMQPError) -> Int {
        try await request(named: queue) { .delete(queue: queue, deadline: $0, $1) }
    }

    /// Removes the messages of a queue that are ready to be delivered.
    ///
    /// - Returns: How many they were.
    @discardableResult
    public func purge(queue: String) async throws(AMQPError) -> Int {
        try await request(named: queue) { .purge(queue: queue, deadline: $0, $1) }
    }

    private func request<Value>(
        named name: String = "",
        _ command: (ContinuousClock.Instant, Reply<Value>) -> Command
    ) async throws(AMQPError) -> Value {
        if let problem = WireLimits.problem(names: [name]) {
            throw AMQPError(code: .invalidRequest, message: problem)
        }
        guard admission.enter(1) else { throw AMQPError.overloaded }
        defer { admission.leave(1) }
        let deadline = ContinuousClock.now + configuration.rpcTimeout
        return try await withCheckedContinuation { continuation in
            _ = mailbox.post(command(deadline, Reply(continuation)))
        }.get()
    }
}

extension AMQPError {
    static let overloaded = AMQPError(code: .overloaded, message: "too many messages and requests are waiting")
}
