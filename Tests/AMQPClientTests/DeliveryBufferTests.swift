import AMQPMessages
import Testing

@testable import AMQPClient

@Suite("Deliveries on their way to a consumer", .timeLimit(.minutes(1)))
struct DeliveryBufferTests {
    private static func delivery(_ number: UInt64) -> AMQPDelivery {
        AMQPDelivery(queue: "q", message: AMQPMessage(exchange: "", routingKey: "", body: []), number: number)
    }

    @Test("deliveries come in order, before or after they are asked for")
    func order() async {
        let buffer = DeliveryBuffer()
        async let first = buffer.next()
        #expect(buffer.push(Self.delivery(1)))
        #expect(buffer.push(Self.delivery(2)))

        #expect(await first?.id.tag == 1)
        #expect(await buffer.next()?.id.tag == 2)
    }

    @Test("after the end nothing is accepted, nothing comes, and what was not read is handed back")
    func finish() async {
        let buffer = DeliveryBuffer()
        _ = buffer.push(Self.delivery(1))

        #expect(buffer.finish().map(\.id.tag) == [1])
        #expect(!buffer.push(Self.delivery(2)))
        #expect(await buffer.next() == nil)
    }

    @Test("a lost channel takes along what was not read")
    func discard() async {
        let buffer = DeliveryBuffer()
        _ = buffer.push(Self.delivery(1))
        buffer.discardAll()
        _ = buffer.push(Self.delivery(2))

        #expect(await buffer.next()?.id.tag == 2)
    }

    @Test("it is idle while the broker feeds it and the reader waits, not while a delivery is dealt with")
    func idle() async {
        let buffer = DeliveryBuffer()
        #expect(!buffer.isIdle)
        buffer.setFed(true)
        #expect(!buffer.isIdle, "nobody has come for a delivery")
        let reading = Task { await buffer.next() }
        while !buffer.isIdle { await Task.yield() }
        buffer.setFed(false)
        #expect(!buffer.isIdle, "what comes may go to somebody else")
        buffer.setFed(true)
        _ = buffer.push(Self.delivery(1))
        #expect(!buffer.isIdle, "the delivery is with the reader")
        _ = await reading.value
        #expect(!buffer.isIdle)
    }

    @Test("a cancelled task is given nothing more: what was not read is handed back at the end")
    func cancelledReader() async {
        let buffer = DeliveryBuffer()
        _ = buffer.push(Self.delivery(1))
        let reading = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await buffer.next()
        }
        #expect(await reading.value == nil)
        #expect(buffer.finish().map(\.id.tag) == [1])
    }

    @Test("a cancelled task stops waiting; a delivery that comes later is kept")
    func cancellation() async {
        let buffer = DeliveryBuffer()
        let waiting = Task { await buffer.next() }
        waiting.cancel()

        #expect(await waiting.value == nil)
        #expect(buffer.push(Self.delivery(1)))
        #expect(await buffer.next()?.id.tag == 1)
    }
}
