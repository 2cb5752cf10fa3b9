import NIOCore

/// The commands of one connection: those that wait for it, and those in flight in the order of their replies.
///
/// A pure value; time comes in with each event, and what must be done goes out.
///
/// RESP2 replies carry no id, so a reply can only be told by its place. A request whose caller has given up therefore
/// keeps its place until its replies came, and gets nothing. The connection is stalled, and must be closed, only when
/// its head of line has been the head for a whole timeout: a server that is slow but answers keeps its connection,
/// while its callers time out one by one; a black hole or a stuck script is noticed after one timeout.
struct CommandQueue {
    private struct InFlight {
        let request: PendingRequest
        var batchReplies: [RedisValue] = []
        /// `distantFuture` once the caller has been told.
        var deadline: NIODeadline
        var repliesLeft: Int
    }

    /// What a reply leads to.
    enum ReplyAction {
        /// The request has all its replies.
        case complete(PendingRequest, RedisValue)
        /// Further replies of the same request are to come.
        case wait
        /// No command is in flight: the stream of replies cannot be trusted.
        case reject
    }

    /// Who has waited too long.
    struct Expiry {
        /// Never sent.
        var unsent: [PendingRequest] = []
        /// Sent, and not answered in time.
        var unanswered: [PendingRequest] = []
        /// Whether the connection is of no more use.
        var isStalled = false
    }

    private var waiting = CircularBuffer<PendingRequest>()
    private var inFlight = CircularBuffer<InFlight>()
    private var headSince = NIODeadline.distantPast
    /// The least time that a head of line is given.
    private let stallLimit: TimeAmount

    /// How many commands are held, waiting or in flight.
    private(set) var commandCount = 0
    /// Nothing expires before this.
    private(set) var nextExpiry = NIODeadline.distantFuture

    init(stallLimit: TimeAmount) {
        self.stallLimit = stallLimit
    }

    /// Whether every command sent has been answered.
    var isNothingInFlight: Bool { inFlight.isEmpty }

    /// Takes a request in, to wait for the connection.
    mutating func enqueue(_ request: PendingRequest) {
        waiting.append(request)
        commandCount += request.replyCount
        nextExpiry = min(nextExpiry, request.connectionDeadline)
    }

    /// Puts all that waits in flight; what comes back is to be sent in this order. Cancelled requests are left out.
    mutating func sendWaiting(now: NIODeadline) -> [PendingRequest] {
        if inFlight.isEmpty {
            headSince = now
        }
        var toSend: [PendingRequest] = []
        toSend.reserveCapacity(waiting.count)
        while let request = waiting.popFirst() {
            guard !request.isCompleted else {
                commandCount -= request.replyCount
                continue
            }
            inFlight.append(
                InFlight(request: request, deadline: request.deadline, repliesLeft: request.replyCount)
            )
            nextExpiry = min(nextExpiry, request.deadline)
            toSend.append(request)
        }
        return toSend
    }

    /// Matches a reply with the head of line.
    mutating func receive(_ reply: RedisValue, now: NIODeadline) -> ReplyAction {
        guard !inFlight.isEmpty else { return .reject }
        headSince = now
        let index = inFlight.startIndex
        let request = inFlight[index].request
        inFlight[index].repliesLeft -= 1
        if request.isBatch {
            inFlight[index].batchReplies.append(reply)
        }
        guard inFlight[index].repliesLeft == 0 else { return .wait }
        let head = inFlight.removeFirst()
        commandCount -= request.replyCount
        return .complete(request, request.isBatch ? .array(head.batchReplies) : reply)
    }

    /// Finds whose time is over.
    mutating func expire(now: NIODeadline) -> Expiry {
        var expiry = Expiry()
        nextExpiry = .distantFuture
        expireWaiting(now: now, into: &expiry)
        for index in inFlight.indices {
            if inFlight[index].deadline <= now {
                inFlight[index].deadline = .distantFuture
                expiry.unanswered.append(inFlight[index].request)
            }
            nextExpiry = min(nextExpiry, inFlight[index].deadline)
        }
        if let head = inFlight.first {
            let stall = headSince + max(stallLimit, head.request.timeout)
            expiry.isStalled = stall <= now
            nextExpiry = min(nextExpiry, stall)
        }
        return expiry
    }

    private mutating func expireWaiting(now: NIODeadline, into expiry: inout Expiry) {
        var stillWaiting = CircularBuffer<PendingRequest>(initialCapacity: waiting.count)
        for request in waiting {
            if request.connectionDeadline <= now || request.isCompleted {
                commandCount -= request.replyCount
                expiry.unsent.append(request)
            } else {
                nextExpiry = min(nextExpiry, request.connectionDeadline)
                stillWaiting.append(request)
            }
        }
        waiting = stillWaiting
    }

    /// Gives up all that was never sent.
    mutating func removeWaiting() -> [PendingRequest] {
        let requests = Array(waiting)
        waiting.removeAll()
        commandCount -= requests.reduce(0) { $0 + $1.replyCount }
        return requests
    }

    /// Gives up all that was sent: its replies will never come.
    mutating func removeInFlight() -> [PendingRequest] {
        let requests = inFlight.map(\.request)
        inFlight.removeAll()
        commandCount -= requests.reduce(0) { $0 + $1.replyCount }
        return requests
    }
}
