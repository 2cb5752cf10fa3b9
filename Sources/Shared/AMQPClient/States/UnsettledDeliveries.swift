/// An ack as it is sent: for one delivery, or for all unsettled ones up to it.
struct Acknowledgement: Hashable {
    var tag: UInt64
    var multiple: Bool
}

/// The deliveries of one channel that are to be settled, and the acks that wait to be sent.
///
/// Acks are sent as `multiple` only for a prefix of the deliveries that is settled without a gap. Settling a delivery
/// twice is ignored; the broker would close the channel for it.
struct UnsettledDeliveries {
    /// Everything below is settled. Delivery tags count from 1 without gaps.
    private var lowest: UInt64 = 1
    private var next: UInt64 = 1
    private var settled: Set<UInt64> = []
    private var waitingAcks: [UInt64] = []

    /// Whether nothing is left to settle, or to send.
    var isEmpty: Bool { lowest == next && waitingAcks.isEmpty }

    /// Notes a delivery.
    mutating func delivered(_ tag: UInt64) {
        next = tag + 1
    }

    /// Notes an ack, to be sent later, unless the delivery is settled already or unknown.
    mutating func acknowledge(_ tag: UInt64) {
        if settle(tag) { waitingAcks.append(tag) }
    }

    /// Notes a rejection, to be sent by the caller; `false` if the delivery is settled already or unknown.
    mutating func reject(_ tag: UInt64) -> Bool {
        settle(tag)
    }

    /// The acks to send now, the fewest that say the same.
    mutating func takeAcknowledgements() -> [Acknowledgement] {
        let covered = waitingAcks.filter { $0 < lowest }
        let others = waitingAcks.filter { $0 >= lowest }
        waitingAcks = []
        let prefix = covered.max().map { [Acknowledgement(tag: $0, multiple: covered.count > 1)] } ?? []
        return prefix + others.map { Acknowledgement(tag: $0, multiple: false) }
    }

    private mutating func settle(_ tag: UInt64) -> Bool {
        guard tag >= lowest, tag < next, settled.insert(tag).inserted else { return false }
        while settled.remove(lowest) != nil {
            lowest += 1
        }
        return true
    }
}
