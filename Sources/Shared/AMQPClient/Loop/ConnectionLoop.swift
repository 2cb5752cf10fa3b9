import Glibc
import Logging

/// The life of a connection's thread: connect, serve until the connection is lost, wait, connect again.
///
/// The thread alone touches the C library, which waits and polls; callers reach it through the mailbox. While it
/// connects, which takes up to the configured time, commands and deadlines wait.
final class ConnectionLoop {
    /// Frames taken before commands are looked at again.
    private static let frameBurst = 512
    /// How long a shutdown waits for the confirmations of messages already sent.
    private static let shutdownGrace = Duration.seconds(2)

    private let configuration: AMQPConfiguration
    private let name: String
    let mailbox: Mailbox
    private let status: ConnectionStatus
    private let interrupter: SocketInterrupter
    private let logger: Logger
    let work = PendingWork()
    private(set) var session: Session?
    private var connectedSince: ContinuousClock.Instant?
    private var backoff = ReconnectBackoff()

    init(
        configuration: AMQPConfiguration,
        name: String,
        topology: AMQPTopology,
        mailbox: Mailbox,
        status: ConnectionStatus,
        interrupter: SocketInterrupter,
        logger: Logger
    ) {
        self.configuration = configuration
        self.name = name
        self.mailbox = mailbox
        self.status = status
        self.interrupter = interrupter
        self.logger = logger
        work.topology.remember(topology)
    }

    /// Runs until the mailbox is stopped.
    func run() {
        while !mailbox.isStopped {
            do throws(AMQPError) {
                try serve(BrokerLink(configuration: configuration, name: name))
            } catch {
                note(error)
                backoff.connectionEnded(after: connectedSince.take()?.duration(to: .now) ?? .zero)
                wait(until: .now + backoff.delay(after: error, jitter: .random(in: 0...1)))
            }
        }
        takeCommands()
        work.close()
    }

    /// Serves one connection; returns after a shutdown, throws when the connection is lost.
    private func serve(_ link: BrokerLink) throws(AMQPError) {
        let session = Session(link: link, configuration: configuration, work: work, status: status, logger: logger)
        self.session = session
        connectedSince = .now
        interrupter.take(link.fileDescriptor)
        defer {
            interrupter.release()
            self.session = nil
        }
        do throws(AMQPError) {
            work.consumers.keys.forEach(session.startConsumer)
            try session.start()
            while !mailbox.isStopped {
                try turn(session)
            }
            try drain(session)
            status.update { $0.isConnected = false }
            session.end(.connectionClosed)
            link.close()
        } catch {
            status.update {
                $0.isConnected = false
                $0.blockedReason = nil
            }
            session.end(error)
            throw error
        }
    }

    /// Takes what has arrived, sends what can be sent, and sleeps until there is more of either.
    private func turn(_ session: Session) throws(AMQPError) {
        let isCaughtUp = try receive(session)
        takeCommands()
        let now = ContinuousClock.now
        session.expire(at: now)
        let blocked = session.blockedReason.map { "the broker accepts no messages: \($0)" }
        work.expire(at: now, reason: blocked ?? "the broker takes messages too slowly")
        try session.advance(at: now)
        if isCaughtUp, !session.link.hasBufferedFrames {
            sleep(until: [session.deadline, work.deadline].compactMap(\.self).min(), session: session)
        }
    }

    /// Takes frames; `false` when there may be more.
    private func receive(_ session: Session) throws(AMQPError) -> Bool {
        for _ in 0..<Self.frameBurst {
            guard let (channel, frame) = try session.link.receive() else { return true }
            try session.receive(frame, on: channel)
        }
        return false
    }

    /// Gives messages already sent a little time to be confirmed, and sends the last acks.
    private func drain(_ session: Session) throws(AMQPError) {
        takeCommands()
        work.close()
        let end = ContinuousClock.now + Self.shutdownGrace
        try session.advance(at: .now)
        while session.hasUnconfirmed, .now < end {
            if try receive(session) { sleep(until: end, session: session) }
        }
    }

    /// Waits before the next attempt to connect, serving callers whose patience ends.
    private func wait(until end: ContinuousClock.Instant) {
        while !mailbox.isStopped, .now < end {
            sleep(until: min(end, work.deadline ?? end), session: nil)
            takeCommands()
            let reason = status.current.lastFailure.map { "no connection: \($0)" } ?? "no connection"
            work.expire(at: .now, reason: reason)
        }
    }

    /// Sleeps until a command, the broker or an instant wakes it; never past the time for a heartbeat.
    private func sleep(until end: ContinuousClock.Instant?, session: Session?) {
        var descriptors = [pollfd(fd: mailbox.signal.fileDescriptor, events: Int16(POLLIN), revents: 0)]
        if let session {
            let events = POLLIN | (session.wantsToWrite ? POLLOUT : 0)
            descriptors.append(pollfd(fd: session.link.fileDescriptor, events: Int16(events), revents: 0))
        }
        let limit = Duration.seconds(configuration.heartbeatSeconds) / 4
        let duration = min(max(end.map { ContinuousClock.now.duration(to: $0) } ?? limit, .zero), limit)
        // Rounded up, or the last fraction of a millisecond would be spent spinning.
        poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: duration.wholeMilliseconds + 1))
    }

    /// Logs a failure unless it is the same as the last one.
    private func note(_ error: AMQPError) {
        guard status.current.lastFailure != error else { return }
        status.update { $0.lastFailure = error }
        logger.warning(
            "no connection to the broker",
            metadata: ["broker": "\(configuration)", "error": "\(error)"]
        )
    }
}
