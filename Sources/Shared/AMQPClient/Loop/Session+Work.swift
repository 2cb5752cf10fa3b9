import Logging

extension Session {
    /// Open channels for single messages; beyond that, one nobody needs is closed.
    private static let maximumGetters = 8

    /// Whether there is something to send as soon as the socket takes it.
    var wantsToWrite: Bool {
        !unflushed.isEmpty || (blockedReason == nil && publisher?.wantsToSend == true)
    }

    /// Whether messages wait for their confirmation.
    var hasUnconfirmed: Bool { publisher?.oldestUnconfirmed != nil }

    /// Sends what can be sent now. Acknowledgements go before all that was asked for after them: a queue that is looked
    /// through again has what was given back.
    func advance(at now: ContinuousClock.Instant) throws(AMQPError) {
        try flushAcknowledgements()
        guard unflushed.isEmpty else { return }
        try control?.advance()
        guard restoration == nil else { return }
        if publisher == nil { try openPublisher() }
        if blockedReason == nil { try publisher?.advance(at: now) }
        try advanceGetters()
        try advanceConsumers(at: now)
        try flushAcknowledgements()
        noteReadiness()
    }

    /// Settles deliveries that came on this connection; others are the broker's again already.
    func settle(_ deliveries: [AMQPDelivery.ID], _ settlement: Settlement) {
        for delivery in deliveries {
            guard let ledger = ledgers[delivery.channelIncarnation] else { continue }
            if unflushed.last !== ledger { unflushed.append(ledger) }
            ledger.settle(delivery.tag, settlement)
        }
    }

    /// Gives up what the broker has not answered in time.
    func expire(at now: ContinuousClock.Instant) {
        expireRestoration(at: now)
        control?.expire(at: now)
        getters.values.forEach { $0.expire(at: now) }
        publisher?.expire(sentBefore: now - configuration.confirmTimeout)
    }

    /// When ``expire(at:)`` or ``advance(at:)`` next has something to do by the passing of time.
    var deadline: ContinuousClock.Instant? {
        let unconfirmed = publisher?.oldestUnconfirmed.map { $0 + configuration.confirmTimeout }
        let beginning = restoration.map(\.end) ?? consumers.nextRetry
        let deadlines = [control?.deadline, unconfirmed, beginning] + getters.values.map(\.deadline)
        return deadlines.compactMap(\.self).min()
    }

    /// Replaces a channel that the broker has closed.
    func closed(_ role: Role, _ error: AMQPError) throws(AMQPError) {
        switch role {
        case .control:
            try openControl()
        case .publisher:
            publisher = nil
            logger.warning("publishing channel closed by the broker", metadata: ["error": "\(error)"])
        case .getter(let queue):
            if let getter = getters.removeValue(forKey: queue) { ledgers[getter.ledger.incarnation] = nil }
        case .consumer(let id):
            consumerClosed(id, error)
        }
    }

    func openControl() throws(AMQPError) {
        control = try open(.control) { ControlChannel(port: $0, work: work) }
    }

    private func openPublisher() throws(AMQPError) {
        publisher = try open(.publisher) {
            PublisherChannel(port: $0, work: work, maximumUnconfirmed: configuration.maximumUnconfirmed)
        }
    }

    private func advanceGetters() throws(AMQPError) {
        for queue in work.queuesToGetFrom where getters[queue] == nil {
            if getters.count >= Self.maximumGetters, let idle = getters.values.first(where: \.isIdle) {
                getters[idle.queue] = nil
                ledgers[idle.ledger.incarnation] = nil
                try close(idle)
            }
            let incarnation = work.nextIncarnation()
            getters[queue] = try open(.getter(queue: queue)) {
                GetChannel(queue: queue, port: $0, incarnation: incarnation, work: work)
            }
            ledgers[incarnation] = getters[queue]?.ledger
        }
        for getter in getters.values {
            try getter.advance()
        }
    }

    private func flushAcknowledgements() throws(AMQPError) {
        guard !unflushed.isEmpty, link.isWritable else { return }
        for ledger in unflushed where ledgers[ledger.incarnation] === ledger {
            try ledger.flush()
        }
        unflushed = []
    }

    private func noteReadiness() {
        guard publisher?.isReady == true, !status.current.isConnected else { return }
        status.update {
            $0.isConnected = true
            $0.connections += 1
            $0.lastFailure = nil
        }
        logger.info("connected to the broker", metadata: ["broker": "\(configuration)"])
    }
}
