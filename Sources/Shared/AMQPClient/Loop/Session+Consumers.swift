import Logging

/// The consumers of one connection and the state each is in.
struct ConsumerRoster {
    /// By consumer; one that is cancelled stays until its deliveries are settled.
    var channels: [ConsumerRegistration.ID: ConsumerChannel] = [:]
    /// Consumers to be started, and not before when.
    var waiting: [ConsumerRegistration.ID: ContinuousClock.Instant] = [:]
    /// Consumers that may have nothing left to settle.
    var ending: Set<ConsumerRegistration.ID> = []
    /// Consumers whose failure has been logged.
    var refused: Set<ConsumerRegistration.ID> = []

    /// When the next waiting consumer is to be started.
    var nextRetry: ContinuousClock.Instant? { waiting.values.min() }
}

extension Session {
    /// Before a consumer that the broker has ended is started again.
    private static let consumerRetry = Duration.seconds(1)

    /// What a consumer is refused with when its queue does not exist, or goes with the connection that has it.
    private static let missingQueue: Set<AMQPError.Code> = [
        .channelClosed(replyCode: 404), .channelClosed(replyCode: 405),
    ]

    /// Starts a consumer at the next opportunity.
    func startConsumer(_ id: ConsumerRegistration.ID) {
        consumers.waiting[id] = .now
    }

    /// Ends a consumer; what it has handed out can still be settled.
    func cancelConsumer(_ id: ConsumerRegistration.ID) {
        consumers.waiting[id] = nil
        consumers.refused.remove(id)
        guard let channel = consumers.channels[id] else { return }
        consumers.ending.insert(id)
        channel.cancel()
    }

    /// Starts the consumers whose time has come, and closes the channels of those that are over.
    func advanceConsumers(at now: ContinuousClock.Instant) throws(AMQPError) {
        for (id, time) in consumers.waiting where time <= now {
            consumers.waiting[id] = nil
            guard let registration = work.consumers[id] else { continue }
            let incarnation = work.nextIncarnation()
            let channel = try open(.consumer(id)) {
                ConsumerChannel(registration: registration, port: $0, incarnation: incarnation)
            }
            consumers.channels[id] = channel
            ledgers[incarnation] = channel?.ledger
            if channel == nil { consumers.waiting[id] = now + Self.consumerRetry }
        }
        for id in consumers.ending {
            guard let channel = consumers.channels[id] else { continue }
            try channel.advance()
            guard channel.isOver else { continue }
            forget(id)
            try close(channel)
            if work.consumers[id] != nil { consumers.waiting[id] = now + Self.consumerRetry }
        }
    }

    /// Notes what has become of a consumer after a method from the broker.
    func consumerProgressed(_ id: ConsumerRegistration.ID) {
        guard let channel = consumers.channels[id] else { return }
        if channel.isCancelled {
            let isNews = consumers.ending.insert(id).inserted
            if isNews, work.consumers[id] != nil { restoreQueue(channel.registration.queue, logsRefusal: true) }
        } else if channel.isConsuming, consumers.refused.remove(id) != nil {
            logger.info("consumer accepted by the broker", metadata: ["queue": "\(channel.registration.queue)"])
        }
    }

    /// Notes that the broker has closed a consumer's channel; it is tried again, and its queue declared.
    func consumerClosed(_ id: ConsumerRegistration.ID, _ error: AMQPError) {
        forget(id)
        guard let registration = work.consumers[id] else { return }
        consumers.waiting[id] = .now + Self.consumerRetry
        let isNews = consumers.refused.insert(id).inserted
        if Self.missingQueue.contains(error.code) { restoreQueue(registration.queue, logsRefusal: isNews) }
        if isNews {
            logger.warning(
                "consumer refused by the broker",
                metadata: ["queue": "\(registration.queue)", "error": "\(error)"]
            )
        }
    }

    private func forget(_ id: ConsumerRegistration.ID) {
        consumers.ending.remove(id)
        if let channel = consumers.channels.removeValue(forKey: id) {
            ledgers[channel.ledger.incarnation] = nil
        }
    }
}
