/// A channel whose deliveries are to be settled.
protocol DeliveryChannel: BrokerChannel {
    var ledger: DeliveryLedger { get }
}

/// The deliveries of one channel and their settlement.
final class DeliveryLedger {
    /// Identifies the channel in ``AMQPDelivery/ID``.
    let incarnation: UInt64
    private let port: ChannelPort
    private var deliveries = UnsettledDeliveries()
    private var waitingRejections: [OutboundMethod] = []

    init(incarnation: UInt64, port: ChannelPort) {
        self.incarnation = incarnation
        self.port = port
    }

    /// Whether every delivery is settled, and the broker has been told.
    var isSettled: Bool { deliveries.isEmpty && waitingRejections.isEmpty }

    /// Notes a delivery from the broker.
    func take(_ content: InboundContent, _ envelope: ContentMethod.Envelope, from queue: String) -> AMQPDelivery {
        deliveries.delivered(envelope.tag)
        return AMQPDelivery(
            id: .init(channelIncarnation: incarnation, tag: envelope.tag),
            queue: queue,
            exchange: envelope.exchange,
            routingKey: envelope.routingKey,
            properties: content.properties,
            body: content.body,
            isRedelivered: envelope.isRedelivered,
            isOversized: content.isOversized
        )
    }

    /// Settles a delivery. The broker is told by ``flush()``, so that several acks become one.
    func settle(_ tag: UInt64, _ settlement: Settlement) {
        switch settlement {
        case .acknowledged:
            deliveries.acknowledge(tag)
        case .rejected(let requeue):
            if deliveries.reject(tag) { waitingRejections.append(.reject(tag: tag, requeue: requeue)) }
        }
    }

    /// Tells the broker what has been settled. Rejections go first: an ack may cover several deliveries.
    func flush() throws(AMQPError) {
        for rejection in waitingRejections {
            try port.send(rejection)
        }
        waitingRejections = []
        for acknowledgement in deliveries.takeAcknowledgements() {
            try port.send(.acknowledge(acknowledgement))
        }
    }
}
