import AMQPMessages

/// What callers have asked for and what has not been sent yet. It outlives connections and belongs to their thread.
final class PendingWork {
    /// Declared anew on every connection.
    var topology = RememberedTopology()
    /// Consumed from anew on every connection.
    var consumers: [ConsumerRegistration.ID: ConsumerRegistration] = [:]

    /// Every batch in here has a message not yet sent.
    private var batches = FIFO<PublishBatch>()
    private var restorations = FIFO<ControlOperation>()
    private var operations = FIFO<ControlOperation>()
    private var gets: [String: FIFO<GetRequest>] = [:]
    private var lastIncarnation: UInt64 = 0

    /// Numbers a channel whose deliveries are to be told from those of every other.
    func nextIncarnation() -> UInt64 {
        lastIncarnation += 1
        return lastIncarnation
    }

    // MARK: Messages

    var hasUnsentMessages: Bool { !batches.isEmpty }

    func add(_ batch: PublishBatch) {
        batches.append(batch)
    }

    func nextMessage() -> PublishTicket? {
        guard let batch = batches.first else { return nil }
        defer { if batch.isSent { _ = batches.popFirst() } }
        return batch.next()
    }

    // MARK: Requests

    func add(_ operation: ControlOperation) {
        operations.append(operation)
    }

    /// Replaces what is to be done before anything else on a new connection.
    func restore(by operations: [ControlOperation]) {
        restorations = FIFO()
        operations.forEach { restorations.append($0) }
    }

    func nextOperation() -> ControlOperation? {
        restorations.popFirst() ?? operations.popFirst()
    }

    /// The queues with a waiting request for a message.
    var queuesToGetFrom: [String] { Array(gets.keys) }

    func add(_ request: GetRequest, for queue: String) {
        gets[queue, default: FIFO()].append(request)
    }

    func hasGetRequest(for queue: String) -> Bool {
        gets[queue] != nil
    }

    func nextGetRequest(for queue: String) -> GetRequest? {
        let request = gets[queue]?.popFirst()
        if gets[queue]?.isEmpty == true { gets[queue] = nil }
        return request
    }

    // MARK: Time

    /// When the first of all waiting things is to be given up.
    var deadline: ContinuousClock.Instant? {
        let deadlines = [batches.first?.deadline, operations.first?.deadline] + gets.values.map { $0.first?.deadline }
        return deadlines.compactMap(\.self).min()
    }

    /// Gives up what has waited too long. All requests of a kind have the same patience, so the first is the oldest.
    func expire(at now: ContinuousClock.Instant, reason: String) {
        let error = AMQPError(code: .unavailable, message: reason)
        while let batch = batches.first, batch.deadline <= now {
            _ = batches.popFirst()
            batch.abandonUnsent(reason: reason)
        }
        while let operation = operations.first, let deadline = operation.deadline, deadline <= now {
            _ = operations.popFirst()
            operation.complete(.failure(error))
        }
        for queue in queuesToGetFrom {
            while let request = gets[queue]?.first, request.deadline <= now {
                _ = nextGetRequest(for: queue)
                request.reply.complete(.failure(error))
            }
        }
    }

    /// Gives up everything for good.
    func close() {
        let error = AMQPError.connectionClosed
        batches.removeAll().forEach { $0.abandonUnsent(reason: error.message) }
        operations.removeAll().forEach { $0.complete(.failure(error)) }
        for queue in queuesToGetFrom {
            while let request = nextGetRequest(for: queue) { request.reply.complete(.failure(error)) }
        }
        consumers.values.forEach { _ = $0.buffer.finish() }
        consumers = [:]
    }
}
