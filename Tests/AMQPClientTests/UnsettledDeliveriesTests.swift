import Testing

@testable import AMQPClient

@Suite("Settling deliveries")
struct UnsettledDeliveriesTests {
    private static func deliveries(count: UInt64) -> UnsettledDeliveries {
        var deliveries = UnsettledDeliveries()
        for tag in 1...count { deliveries.delivered(tag) }
        return deliveries
    }

    @Test("a prefix without a gap becomes one ack")
    func prefix() {
        var deliveries = Self.deliveries(count: 5)
        for tag: UInt64 in [3, 1, 2] { deliveries.acknowledge(tag) }

        #expect(deliveries.takeAcknowledgements() == [Acknowledgement(tag: 3, multiple: true)])
        #expect(deliveries.takeAcknowledgements().isEmpty)
        #expect(!deliveries.isEmpty)
    }

    @Test("what lies behind an unsettled delivery is acknowledged singly")
    func gap() {
        var deliveries = Self.deliveries(count: 5)
        for tag: UInt64 in [1, 3, 5] { deliveries.acknowledge(tag) }

        #expect(
            deliveries.takeAcknowledgements() == [
                Acknowledgement(tag: 1, multiple: false), Acknowledgement(tag: 3, multiple: false),
                Acknowledgement(tag: 5, multiple: false),
            ]
        )
    }

    @Test("a rejected delivery does not break a prefix, and is not acknowledged itself")
    func rejection() {
        var deliveries = Self.deliveries(count: 3)
        deliveries.acknowledge(1)
        let isAccepted = deliveries.reject(2)
        #expect(isAccepted)
        deliveries.acknowledge(3)

        #expect(deliveries.takeAcknowledgements() == [Acknowledgement(tag: 3, multiple: true)])
        #expect(deliveries.isEmpty)
    }

    @Test("settling twice, or what never came, is ignored")
    func repeated() {
        var deliveries = Self.deliveries(count: 2)
        deliveries.acknowledge(2)
        deliveries.acknowledge(2)
        let rejections = [2, 3, 0].map { deliveries.reject($0) }
        #expect(rejections == [false, false, false])

        #expect(deliveries.takeAcknowledgements() == [Acknowledgement(tag: 2, multiple: false)])
        deliveries.acknowledge(1)
        #expect(deliveries.takeAcknowledgements() == [Acknowledgement(tag: 1, multiple: false)])
        deliveries.acknowledge(1)
        #expect(deliveries.takeAcknowledgements().isEmpty)
    }

    @Test("acks never cover a delivery that is not settled, and cover each settled one once")
    func againstModel() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            var deliveries = UnsettledDeliveries()
            var unsettled: Set<UInt64> = []
            var expected: Set<UInt64> = []
            for tag: UInt64 in 1...60 {
                deliveries.delivered(tag)
                unsettled.insert(tag)
                while Bool.random(using: &generator), let chosen = unsettled.randomElement(using: &generator) {
                    unsettled.remove(chosen)
                    if Bool.random(using: &generator) {
                        deliveries.acknowledge(chosen)
                        expected.insert(chosen)
                    } else {
                        _ = deliveries.reject(chosen)
                    }
                }
                guard tag.isMultiple(of: 7) else { continue }
                for ack in deliveries.takeAcknowledgements() {
                    let covered = expected.filter { ack.multiple ? $0 <= ack.tag : $0 == ack.tag }
                    #expect(!covered.isEmpty)
                    #expect(!unsettled.contains { ack.multiple ? $0 <= ack.tag : $0 == ack.tag })
                    expected.subtract(covered)
                }
                #expect(expected.isEmpty)
            }
        }
    }
}
