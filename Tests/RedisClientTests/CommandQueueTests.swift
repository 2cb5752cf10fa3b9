import NIOCore
import Testing

@testable import RedisClient

@Suite("Command queue")
struct CommandQueueTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private static func after(_ milliseconds: Int64) -> NIODeadline {
        start + .milliseconds(milliseconds)
    }

    private func request(timeout: Int64 = 1_000, batch: Int? = nil, at now: Int64 = 0) -> PendingRequest {
        PendingRequest(
            bytes: [],
            replyCount: batch ?? 1,
            isBatch: batch != nil,
            timeout: .milliseconds(timeout),
            connectionWait: .milliseconds(400),
            now: Self.after(now)
        )
    }

    private func queue(sending requests: [PendingRequest], at now: Int64 = 0) -> CommandQueue {
        var queue = CommandQueue(stallLimit: .milliseconds(1_000))
        for request in requests {
            queue.enqueue(request)
        }
        _ = queue.sendWaiting(now: Self.after(now))
        return queue
    }

    private func completion(_ action: CommandQueue.ReplyAction) -> (request: PendingRequest, value: RedisValue)? {
        guard case .complete(let request, let value) = action else { return nil }
        return (request, value)
    }

    @Test("replies go to the requests in the order of sending")
    func order() {
        let requests = (0..<100).map { _ in request() }
        var queue = queue(sending: requests)
        for (number, request) in requests.enumerated() {
            let completed = completion(queue.receive(.integer(Int64(number)), now: Self.start))
            #expect(completed?.request === request)
            #expect(completed?.value == .integer(Int64(number)))
        }
        #expect(queue.commandCount == 0)
        #expect(queue.isNothingInFlight)
    }

    @Test("a batch completes with its last reply, and holds as many places as it has commands")
    func batch() {
        let batch = request(batch: 3)
        let single = request()
        var queue = queue(sending: [batch, single])
        #expect(queue.commandCount == 4)
        #expect(completion(queue.receive(.integer(1), now: Self.start)) == nil)
        #expect(completion(queue.receive(.null, now: Self.start)) == nil)
        let completed = completion(queue.receive(.integer(3), now: Self.start))
        #expect(completed?.request === batch)
        #expect(completed?.value == .array([.integer(1), .null, .integer(3)]))
        #expect(completion(queue.receive(.integer(4), now: Self.start))?.request === single)
    }

    @Test("a reply to nothing is rejected")
    func unsolicited() {
        var queue = queue(sending: [])
        guard case .reject = queue.receive(.null, now: Self.start) else {
            Issue.record("the reply was accepted")
            return
        }
    }

    @Test("what waits expires unsent at its connection deadline, or at its own if that is earlier")
    func waitingExpires() {
        var queue = CommandQueue(stallLimit: .seconds(1))
        let patient = request()
        let hasty = request(timeout: 100)
        queue.enqueue(patient)
        queue.enqueue(hasty)
        #expect(queue.nextExpiry == Self.after(100))
        let first = queue.expire(now: Self.after(100))
        #expect(first.unsent.map(ObjectIdentifier.init) == [ObjectIdentifier(hasty)])
        #expect(queue.nextExpiry == Self.after(400))
        let second = queue.expire(now: Self.after(400))
        #expect(second.unsent.map(ObjectIdentifier.init) == [ObjectIdentifier(patient)])
        #expect(second.unanswered.isEmpty && !second.isStalled)
        #expect(queue.commandCount == 0)
        #expect(queue.nextExpiry == .distantFuture)
    }

    @Test("a request that was cancelled before the connection came is not sent")
    func cancelledBeforeSending() {
        var queue = CommandQueue(stallLimit: .seconds(1))
        let cancelled = request()
        let kept = request()
        queue.enqueue(cancelled)
        queue.enqueue(kept)
        cancelled.complete(.failure(RedisError(code: .cancelled, message: "")))
        #expect(queue.sendWaiting(now: Self.start).map(ObjectIdentifier.init) == [ObjectIdentifier(kept)])
        #expect(queue.commandCount == 1)
    }

    @Test("a request that timed out keeps its place, so that later replies are not mistaken")
    func timedOutKeepsPlace() {
        let hasty = request(timeout: 100)
        let patient = request()
        var queue = queue(sending: [hasty, patient])
        let expiry = queue.expire(now: Self.after(100))
        #expect(expiry.unanswered.map(ObjectIdentifier.init) == [ObjectIdentifier(hasty)])
        #expect(!expiry.isStalled, "the server has had less than the stall limit")
        #expect(queue.expire(now: Self.after(101)).unanswered.isEmpty, "told twice")
        #expect(completion(queue.receive(.integer(1), now: Self.after(200)))?.request === hasty)
        #expect(completion(queue.receive(.integer(2), now: Self.after(200)))?.request === patient)
    }

    @Test("a head of line that got no reply for a whole timeout is a stall")
    func stall() {
        var queue = queue(sending: [request(), request()])
        #expect(!queue.expire(now: Self.after(999)).isStalled)
        let expiry = queue.expire(now: Self.after(1_000))
        #expect(expiry.isStalled)
        #expect(expiry.unanswered.count == 2)
    }

    @Test("a server that answers slowly is not stalled, though callers time out")
    func slowIsNotStalled() {
        var queue = queue(sending: (0..<4).map { _ in request() })
        _ = queue.receive(.null, now: Self.after(600))
        let expiry = queue.expire(now: Self.after(1_000))
        #expect(expiry.unanswered.count == 3)
        #expect(!expiry.isStalled)
        #expect(queue.nextExpiry == Self.after(1_600), "the head of line is looked at again")
        #expect(queue.expire(now: Self.after(1_600)).isStalled)
    }

    @Test("a command that was given longer makes no stall before its own time")
    func longCommand() {
        var queue = queue(sending: [request(timeout: 5_000)])
        #expect(!queue.expire(now: Self.after(4_999)).isStalled)
        #expect(queue.expire(now: Self.after(5_000)).isStalled)
    }

    @Test("an idle connection does not age: the head's time starts with its sending")
    func idle() {
        var queue = queue(sending: [request()])
        _ = queue.receive(.null, now: Self.after(10))
        queue.enqueue(request(at: 60_000))
        _ = queue.sendWaiting(now: Self.after(60_000))
        #expect(!queue.expire(now: Self.after(60_500)).isStalled)
    }

    @Test("a loss gives up what is in flight and keeps what waits")
    func loss() {
        let sent = request()
        let waiting = request()
        var queue = queue(sending: [sent])
        queue.enqueue(waiting)
        #expect(queue.removeInFlight().map(ObjectIdentifier.init) == [ObjectIdentifier(sent)])
        #expect(queue.commandCount == 1)
        #expect(queue.removeWaiting().map(ObjectIdentifier.init) == [ObjectIdentifier(waiting)])
        #expect(queue.commandCount == 0)
    }
}
