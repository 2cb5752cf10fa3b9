import NIOCore
import NIOSSL
import Synchronization

/// Sends everybody's commands over one connection and hands the replies out.
///
/// Sendable because the mailbox and the flag are safe from any thread, and everything else is touched on `eventLoop`
/// alone.
final class CommandPipeline: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private let connection: RedisConnection
    private let mailbox: CommandMailbox
    private let connected = Atomic(false)

    private var queue: CommandQueue
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    private var whyUnavailable = "the client is not running"
    private var shutdown: EventLoopPromise<Void>?

    /// How long a stopping client waits for replies to what it has sent.
    private static let shutdownGrace = TimeAmount.seconds(1)

    init(configuration: RedisConfiguration, connection: RedisConnection) {
        self.eventLoop = connection.eventLoop
        self.connection = connection
        self.mailbox = CommandMailbox(commandLimit: configuration.pendingCommandLimit)
        self.queue = CommandQueue(stallLimit: TimeAmount(configuration.commandTimeout))
    }

    /// Whether commands can be sent at this moment.
    var isConnected: Bool {
        connected.load(ordering: .relaxed)
    }

    /// Takes a request from any thread; it will be completed, come what may.
    func submit(_ request: PendingRequest) {
        switch mailbox.post(request) {
        case .wake:
            eventLoop.execute { self.collect() }
        case .none:
            break
        case .refuse:
            request.complete(.failure(RedisError(code: .unavailable, message: "the client has stopped")))
        case .refuseAsFull:
            request.complete(.failure(RedisError(code: .unavailable, message: "too many commands are pending")))
        }
    }

    /// Connects.
    func start(tls: NIOSSLContext?) {
        eventLoop.execute {
            self.whyUnavailable = "not connected yet"
            self.connection.start(for: self, tls: tls)
        }
    }

    /// Refuses further commands, gives what was sent a moment to be answered, and closes the connection.
    func shutDown() async {
        let promise = eventLoop.makePromise(of: Void.self)
        mailbox.close()
        eventLoop.execute {
            self.shutdown = promise
            self.whyUnavailable = "the client has stopped"
            self.collect()
            self.fail(self.update { $0.removeWaiting() }, self.unavailable)
            self.finishShutdown(isOverdue: false)
            self.eventLoop.scheduleTask(in: Self.shutdownGrace) { self.finishShutdown(isOverdue: true) }
        }
        // The promise is never failed.
        try? await promise.futureResult.get()
    }

    private func collect() {
        for request in mailbox.collect() {
            queue.enqueue(request)
        }
        if isConnected {
            sendWaiting()
        }
        armTimer()
    }

    private func sendWaiting() {
        let requests = update { $0.sendWaiting(now: .now()) }
        guard !requests.isEmpty else { return }
        connection.write(requests.lazy.map(\.bytes))
    }

    private func expire() {
        let expiry = update { $0.expire(now: .now()) }
        fail(expiry.unsent, unavailable)
        fail(expiry.unanswered, RedisError(code: .timedOut, message: "no reply in time"))
        if expiry.isStalled {
            connection.fail(RedisError(code: .connectionLost, message: "the server has stopped answering"))
        }
        armTimer()
    }

    /// One timer serves all deadlines: it is set for the earliest, and looks for the next when it fires.
    private func armTimer() {
        let deadline = queue.nextExpiry
        guard deadline < (timer?.deadline ?? .distantFuture) else { return }
        timer?.task.cancel()
        let task = eventLoop.scheduleTask(deadline: deadline) {
            self.timer = nil
            self.expire()
        }
        timer = (deadline, task)
    }

    private func finishShutdown(isOverdue: Bool) {
        guard let shutdown, queue.isNothingInFlight || isOverdue else { return }
        self.shutdown = nil
        timer?.task.cancel()
        connection.stop()
        shutdown.succeed()
    }

    /// Changes the queue and makes room in the mailbox for what left it.
    private func update<Result>(_ change: (inout CommandQueue) -> Result) -> Result {
        let before = queue.commandCount
        defer { mailbox.release(commandCount: before - queue.commandCount) }
        return change(&queue)
    }

    private func fail(_ requests: [PendingRequest], _ error: RedisError) {
        for request in requests {
            request.complete(.failure(error))
        }
    }

    private var unavailable: RedisError {
        RedisError(code: .unavailable, message: whyUnavailable)
    }
}

extension CommandPipeline: RedisConnectionUser {
    func connectionBecameReady() {
        connected.store(true, ordering: .relaxed)
        sendWaiting()
        armTimer()
    }

    func connectionReceived(_ replies: [RedisValue]) {
        let now = NIODeadline.now()
        let isTrusted = update { queue in
            for reply in replies {
                switch queue.receive(reply, now: now) {
                case .complete(let request, let value): request.complete(Self.result(of: request, value))
                case .wait: break
                case .reject: return false
                }
            }
            return true
        }
        if !isTrusted {
            connection.fail(RedisError(code: .protocolViolation, message: "a reply to nothing that was sent"))
        }
        finishShutdown(isOverdue: false)
    }

    func connectionLost(_ error: RedisError) {
        connected.store(false, ordering: .relaxed)
        whyUnavailable = "\(error)"
        fail(update { $0.removeInFlight() }, error)
        finishShutdown(isOverdue: false)
    }

    func connectionAttemptFailed(_ error: RedisError) {
        whyUnavailable = error.message
    }

    private static func result(of request: PendingRequest, _ value: RedisValue) -> Result<RedisValue, RedisError> {
        if !request.isBatch, case .error(let error) = value {
            return .failure(RedisError(error))
        }
        return .success(value)
    }
}
