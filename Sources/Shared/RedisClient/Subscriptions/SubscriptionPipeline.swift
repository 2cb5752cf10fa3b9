import NIOCore
import NIOSSL
import Synchronization

/// Serves all subscriptions over one connection of their own, made when the first one appears.
///
/// Sendable because the counter is atomic and everything else is touched on `eventLoop` alone.
final class SubscriptionPipeline: @unchecked Sendable {
    private enum State {
        case idle
        case running(NIOSSLContext?)
        case stopped
    }

    private let eventLoop: any EventLoop
    private let connection: RedisConnection
    private let configuration: RedisConfiguration
    private let lastID = Atomic(0)

    private var state = State.idle
    private var table = SubscriptionTable()
    private var sinks: [SubscriptionTable.ID: MessageSink] = [:]
    private var pinging: RepeatedTask?
    private var hasHeardSincePing = true

    init(configuration: RedisConfiguration, connection: RedisConnection) {
        self.eventLoop = connection.eventLoop
        self.connection = connection
        self.configuration = configuration
    }

    /// Connects as soon as there is a subscription.
    func start(tls: NIOSSLContext?) {
        eventLoop.execute {
            guard case .idle = self.state else { return }
            self.state = .running(tls)
            self.connectIfNeeded()
        }
    }

    /// Ends every subscription and closes the connection.
    func shutDown() async {
        let stopped = eventLoop.submit {
            self.state = .stopped
            self.connection.stop()
            self.pinging?.cancel()
            // Ending a stream removes it from `sinks`.
            for sink in Array(self.sinks.values) {
                sink.finish()
            }
        }
        // The closure does not throw.
        try? await stopped.get()
    }

    /// Adds a subscription; it ends when its stream is let go or its reader's task is cancelled.
    func messages(on channels: [String]) -> AsyncStream<RedisMessage> {
        let id = lastID.add(1, ordering: .relaxed).newValue
        let (stream, sink) = MessageSink.makeStream(bufferLimit: configuration.messageBufferLimit)
        sink.onTermination { [eventLoop, weak self] in
            eventLoop.execute { [weak self] in self?.remove(id) }
        }
        eventLoop.execute {
            self.add(id, sink, channels: Set(channels))
        }
        return stream
    }

    private func add(_ id: SubscriptionTable.ID, _ sink: MessageSink, channels: Set<String>) {
        if case .stopped = state {
            return sink.finish()
        }
        sinks[id] = sink
        perform(table.add(id, channels: channels))
        connectIfNeeded()
    }

    private func remove(_ id: SubscriptionTable.ID) {
        sinks[id] = nil
        perform(table.remove(id))
    }

    private func connectIfNeeded() {
        guard case .running(let tls) = state, !sinks.isEmpty else { return }
        connection.start(for: self, tls: tls)
    }

    private func perform(_ action: SubscriptionTable.Action) {
        switch action {
        case .none:
            break
        case .subscribe(let channels):
            send(RedisCommand("SUBSCRIBE", channels.map { .string($0) }))
        case .unsubscribe(let channels):
            send(RedisCommand("UNSUBSCRIBE", channels.map { .string($0) }))
        case .deliver(let message, let ids):
            for id in ids {
                sinks[id]?.deliver(message)
            }
        case .reject(let error):
            connection.fail(RedisError(code: .connectionLost, message: "refused: \(error)"))
        }
    }

    private func send(_ command: RedisCommand) {
        do {
            var bytes: [UInt8] = []
            try RESPFormatter.append(command, to: &bytes)
            connection.write(CollectionOfOne(bytes))
        } catch {
            connection.fail(error)
        }
    }

    /// Finds a dead peer: a connection that only listens would never notice.
    private func ping() {
        guard hasHeardSincePing else {
            return connection.fail(RedisError(code: .connectionLost, message: "the server has stopped answering"))
        }
        hasHeardSincePing = false
        send(["PING"])
    }
}

extension SubscriptionPipeline: RedisConnectionUser {
    func connectionBecameReady() {
        hasHeardSincePing = true
        let interval = TimeAmount(configuration.commandTimeout)
        pinging = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in self.ping() }
        perform(table.connected())
    }

    func connectionReceived(_ replies: [RedisValue]) {
        hasHeardSincePing = true
        for reply in replies {
            perform(table.received(reply))
        }
    }

    func connectionLost(_ error: RedisError) {
        pinging?.cancel()
        table.disconnected()
    }

    func connectionAttemptFailed(_ error: RedisError) {}
}
