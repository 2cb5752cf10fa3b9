import AMQPMessages

/// The messages sent on one channel in confirm mode and not yet answered for.
///
/// Delivery tags count from 1 in the order of sending. The broker answers each with an ack or a nack, out of order and
/// several at a time; an unroutable mandatory message is returned first and then acked. A return carries no tag, but
/// returns come in the order of sending, so the first message after the previous return that looks the same is meant.
struct ConfirmTracker<Ticket> {
    /// What became of one message.
    struct Resolution {
        var ticket: Ticket
        var outcome: PublishOutcome
    }

    private struct Entry {
        var ticket: Ticket
        var message: AMQPMessage
        var sentAt: ContinuousClock.Instant
        var returned: PublishOutcome?
    }

    /// The entry of tag `firstTag + n` is at `n`; `nil` where it is resolved already.
    private var entries: [Entry?] = []
    private var firstTag: UInt64 = 1
    /// The place of the oldest unresolved entry, or the end.
    private var head = 0
    /// Where to look for the next returned message.
    private var nextReturn = 0

    /// How many messages are sent and not resolved.
    private(set) var count = 0

    /// When the oldest unresolved message was sent.
    var oldest: ContinuousClock.Instant? {
        entries.indices.contains(head) ? entries[head]?.sentAt : nil
    }

    /// Notes that a message has been sent; it has the next delivery tag.
    mutating func sent(_ message: AMQPMessage, ticket: Ticket, at instant: ContinuousClock.Instant) {
        entries.append(Entry(ticket: ticket, message: message, sentAt: instant))
        count += 1
    }

    /// Notes that a message came back; its ack is still to come.
    mutating func returned(code: UInt16, text: String, message: AMQPMessage) {
        let start = max(head, nextReturn)
        guard let index = entries.indices[min(start, entries.count)...].first(where: { isUnreturned(message, at: $0) })
        else { return }
        entries[index]?.returned = .returned(code: code, text: text)
        nextReturn = index + 1
    }

    /// Resolves the messages that an ack names: as confirmed, or as returned when they came back before.
    mutating func acknowledged(tag: UInt64, multiple: Bool) -> [Resolution] {
        resolve(indices(tag: tag, multiple: multiple)) { $0.returned ?? .confirmed }
    }

    /// Resolves the messages that a nack names.
    mutating func refused(tag: UInt64, multiple: Bool) -> [Resolution] {
        resolve(indices(tag: tag, multiple: multiple)) { $0.returned ?? .refused }
    }

    /// Gives up the messages sent before an instant; an answer that comes later is ignored.
    mutating func expire(sentBefore instant: ContinuousClock.Instant, reason: String) -> [Resolution] {
        let end = entries[head...].firstIndex { $0.map { $0.sentAt >= instant } ?? false } ?? entries.count
        return resolve(head..<end) { $0.returned ?? .uncertain(reason: reason) }
    }

    /// Gives up all messages, because the channel is gone.
    mutating func abandon(reason: String) -> [Resolution] {
        resolve(head..<entries.count) { $0.returned ?? .uncertain(reason: reason) }
    }

    private func isUnreturned(_ message: AMQPMessage, at index: Int) -> Bool {
        guard let entry = entries[index], entry.returned == nil, entry.message.isMandatory else { return false }
        let sent = entry.message
        return sent.routingKey == message.routingKey && sent.exchange == message.exchange
            && sent.properties.correlationID == message.properties.correlationID
            && sent.properties.messageID == message.properties.messageID && sent.body == message.body
    }

    /// The places that an answer names. Tag 0 with `multiple` means all messages so far.
    private func indices(tag: UInt64, multiple: Bool) -> Range<Int> {
        if multiple, tag == 0 { return head..<entries.count }
        guard tag >= firstTag, tag - firstTag < UInt64(entries.count) else { return 0..<0 }
        let last = Int(tag - firstTag)
        return multiple ? min(head, last)..<last + 1 : last..<last + 1
    }

    private mutating func resolve(_ indices: Range<Int>, as outcome: (Entry) -> PublishOutcome) -> [Resolution] {
        var resolutions: [Resolution] = []
        for index in indices {
            guard let entry = entries[index] else { continue }
            resolutions.append(Resolution(ticket: entry.ticket, outcome: outcome(entry)))
            entries[index] = nil
        }
        count -= resolutions.count
        dropResolvedPrefix()
        return resolutions
    }

    private mutating func dropResolvedPrefix() {
        head = entries[head...].firstIndex { $0 != nil } ?? entries.count
        // Dropping costs as much as what remains, so it waits until that has been earned.
        guard head == entries.count || head > entries.count / 2 else { return }
        entries.removeFirst(head)
        firstTag += UInt64(head)
        nextReturn = max(0, nextReturn - head)
        head = 0
    }
}
