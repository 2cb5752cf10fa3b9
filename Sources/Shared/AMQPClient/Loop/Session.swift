import Logging

/// The channels of one connection, from login to loss.
///
/// Belongs to the connection's thread. What is thrown means that the connection is lost.
final class Session {
    enum Role {
        case control
        case publisher
        case getter(queue: String)
        case consumer(ConsumerRegistration.ID)
    }

    private struct Slot {
        let role: Role
        let channel: any BrokerChannel
        /// Whether this side has closed it, so that what still arrives is of no interest.
        var isClosing = false
    }

    let link: BrokerLink
    let configuration: AMQPConfiguration
    let work: PendingWork
    let status: ConnectionStatus
    let logger: Logger

    var control: ControlChannel?
    var publisher: PublisherChannel?
    var getters: [String: GetChannel] = [:]
    var consumers = ConsumerRoster()
    /// By incarnation, to find the channel that a delivery came on.
    var ledgers: [UInt64: DeliveryLedger] = [:]
    /// With acks that wait to be sent.
    var unflushed: [DeliveryLedger] = []
    /// While it lasts, nothing but remembered declarations is done.
    var restoration: Restoration?
    var blockedReason: String?
    private var slots: [UInt16: Slot] = [:]
    /// Apart from the slots, so that a growing body has one owner and is never copied.
    private var assemblers: [UInt16: ContentAssembler] = [:]

    init(
        link: BrokerLink,
        configuration: AMQPConfiguration,
        work: PendingWork,
        status: ConnectionStatus,
        logger: Logger
    ) {
        self.link = link
        self.configuration = configuration
        self.work = work
        self.status = status
        self.logger = logger
    }

    /// Opens a channel on the lowest free number; `nil` when all are in use.
    func open<Channel: BrokerChannel>(
        _ role: Role,
        _ make: (ChannelPort) -> Channel
    ) throws(AMQPError) -> Channel? {
        guard let number = (1...link.channelMaximum).first(where: { slots[$0] == nil }) else { return nil }
        let port = ChannelPort(link: link, number: number)
        let channel = make(port)
        slots[number] = Slot(role: role, channel: channel)
        assemblers[number] = ContentAssembler(maximumBodyBytes: configuration.maximumBodyBytes)
        try port.send(.openChannel)
        return channel
    }

    /// Closes a channel that is no longer needed.
    func close(_ channel: any BrokerChannel) throws(AMQPError) {
        guard let number = slots.first(where: { $0.value.channel === channel })?.key else { return }
        slots[number]?.isClosing = true
        try link.send(.closeChannel, on: number)
    }

    /// Takes a frame from the broker.
    func receive(_ frame: InboundFrame, on number: UInt16) throws(AMQPError) {
        if number == 0 { return try receiveForConnection(frame) }
        guard let slot = slots[number] else { return }
        switch frame {
        case .method(.channelClosed(let replyCode, let text)):
            try link.send(.confirmChannelClosed, on: number)
            guard !slot.isClosing else { return }
            slots[number] = nil
            let error = AMQPError(code: .channelClosed(replyCode: replyCode), message: text)
            slot.channel.end(error)
            try closed(slot.role, error)
        case .method(.channelCloseConfirmed):
            slots[number] = nil
        case _ where slot.isClosing:
            break
        case .method(let method):
            try slot.channel.receive(method)
            if case .consumer(let id) = slot.role { consumerProgressed(id) }
        case .contentMethod(let method):
            try assemblers[number]?.begin(method)
        case .contentHeader(let bodySize, let properties):
            try receive(assemblers[number]?.header(bodySize: bodySize, properties), on: slot.channel)
        case .contentBody(let bytes):
            try receive(assemblers[number]?.body(bytes), on: slot.channel)
        }
    }

    /// Ends all channels, because the connection is gone.
    func end(_ error: AMQPError) {
        for slot in slots.values {
            slot.channel.end(error)
        }
        slots = [:]
    }

    private func receive(_ content: InboundContent?, on channel: any BrokerChannel) throws(AMQPError) {
        if let content { try channel.receive(content) }
    }

    private func receiveForConnection(_ frame: InboundFrame) throws(AMQPError) {
        guard case .method(let method) = frame else { return }
        switch method {
        case .connectionClosed(let replyCode, let text):
            try link.send(.confirmConnectionClosed, on: 0)
            throw AMQPError(code: .connectionLost, message: "closed by the broker: \(replyCode) \(text)")
        case .blocked(let reason):
            setBlocked(reason)
        case .unblocked:
            setBlocked(nil)
        default:
            throw .unexpected(method)
        }
    }

    private func setBlocked(_ reason: String?) {
        blockedReason = reason
        status.update { $0.blockedReason = reason }
        if let reason {
            logger.warning("broker accepts no messages", metadata: ["reason": "\(reason)"])
        } else {
            logger.info("broker accepts messages again")
        }
    }
}
