import AMQPMessages
import Testing

@testable import AMQPClient

@Suite("Tracking of publisher confirms")
struct ConfirmTrackerTests {
    private typealias Resolved = [Int: PublishOutcome]
    private static let start = ContinuousClock.now
    private static let returned = PublishOutcome.returned(code: 312, text: "NO_ROUTE")

    /// A tracker with messages 1, 2, ... sent a second apart; the ticket of each is its delivery tag.
    private static func tracker(count: Int) -> ConfirmTracker<Int> {
        var tracker = ConfirmTracker<Int>()
        send(1...count, with: &tracker)
        return tracker
    }

    private static func send(_ tags: ClosedRange<Int>, with tracker: inout ConfirmTracker<Int>) {
        for tag in tags {
            tracker.sent(message("\(tag)"), ticket: tag, at: start + .seconds(tag))
        }
    }

    private static func message(_ text: String, isMandatory: Bool = true) -> AMQPMessage {
        AMQPMessage(exchange: "e", routingKey: "k", body: Array(text.utf8), isMandatory: isMandatory)
    }

    private static func outcomes(_ resolutions: [ConfirmTracker<Int>.Resolution]) -> Resolved {
        Resolved(uniqueKeysWithValues: resolutions.map { ($0.ticket, $0.outcome) })
    }

    @Test("an ack resolves the message it names, whatever the order")
    func singleAcks() {
        var tracker = Self.tracker(count: 3)

        #expect(Self.outcomes(tracker.acknowledged(tag: 2, multiple: false)) == [2: .confirmed])
        #expect(Self.outcomes(tracker.acknowledged(tag: 3, multiple: false)) == [3: .confirmed])
        #expect(Self.outcomes(tracker.acknowledged(tag: 1, multiple: false)) == [1: .confirmed])
        #expect(tracker.count == 0)
    }

    @Test("a multiple ack resolves all up to it that are still open, and only those")
    func multipleAck() {
        var tracker = Self.tracker(count: 5)
        _ = tracker.refused(tag: 2, multiple: false)

        #expect(
            Self.outcomes(tracker.acknowledged(tag: 4, multiple: true)) == [
                1: .confirmed, 3: .confirmed, 4: .confirmed,
            ]
        )
        #expect(tracker.count == 1)
    }

    @Test("tag 0 with multiple means all")
    func zeroMeansAll() {
        var tracker = Self.tracker(count: 3)

        #expect(Self.outcomes(tracker.refused(tag: 0, multiple: true)) == [1: .refused, 2: .refused, 3: .refused])
    }

    @Test("an answer for a resolved, a future or an impossible tag is ignored")
    func unknownTags() {
        var tracker = Self.tracker(count: 2)
        _ = tracker.acknowledged(tag: 1, multiple: false)

        for tag in [0, 1, 3, UInt64.max] {
            #expect(tracker.acknowledged(tag: tag, multiple: false).isEmpty)
        }
        #expect(tracker.acknowledged(tag: 1, multiple: true).isEmpty)
        #expect(tracker.count == 1)
    }

    @Test("a returned message is resolved by its ack, as returned")
    func returnThenAck() {
        var tracker = Self.tracker(count: 3)

        tracker.returned(code: 312, text: "NO_ROUTE", message: Self.message("2"))
        #expect(tracker.count == 3)
        #expect(
            Self.outcomes(tracker.acknowledged(tag: 3, multiple: true))
                == [1: .confirmed, 2: Self.returned, 3: .confirmed]
        )
    }

    @Test("of equal messages each return means the next one, never one that is not mandatory")
    func returnsOfEqualMessages() {
        var tracker = ConfirmTracker<Int>()
        for (tag, isMandatory) in [(1, false), (2, true), (3, true), (4, true)] {
            tracker.sent(Self.message("same", isMandatory: isMandatory), ticket: tag, at: Self.start)
        }

        tracker.returned(code: 312, text: "NO_ROUTE", message: Self.message("same"))
        #expect(Self.outcomes(tracker.acknowledged(tag: 2, multiple: true)) == [1: .confirmed, 2: Self.returned])
        tracker.returned(code: 312, text: "NO_ROUTE", message: Self.message("same"))
        tracker.returned(code: 312, text: "NO_ROUTE", message: Self.message("other"))
        #expect(Self.outcomes(tracker.acknowledged(tag: 4, multiple: true)) == [3: Self.returned, 4: .confirmed])
    }

    @Test("messages without an answer are given up by age; a late answer is ignored")
    func expiry() {
        var tracker = Self.tracker(count: 3)

        #expect(tracker.oldest == Self.start + .seconds(1))
        let expired = tracker.expire(sentBefore: Self.start + .seconds(3), reason: "late")
        #expect(Self.outcomes(expired) == [1: .uncertain(reason: "late"), 2: .uncertain(reason: "late")])
        #expect(tracker.oldest == Self.start + .seconds(3))
        #expect(Self.outcomes(tracker.acknowledged(tag: 3, multiple: true)) == [3: .confirmed])
        #expect(tracker.oldest == nil)
    }

    @Test("a lost channel leaves what was returned as returned, and the rest uncertain")
    func abandoned() {
        var tracker = Self.tracker(count: 3)
        _ = tracker.acknowledged(tag: 1, multiple: false)
        tracker.returned(code: 312, text: "NO_ROUTE", message: Self.message("2"))

        #expect(Self.outcomes(tracker.abandon(reason: "gone")) == [2: Self.returned, 3: .uncertain(reason: "gone")])
        #expect(tracker.count == 0)
    }

    @Test("every message is resolved once and as the broker said, over any sequence of answers")
    func againstModel() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var tracker = ConfirmTracker<Int>()
            var open: Set<Int> = []
            var sent = 0
            for _ in 0..<200 {
                if Bool.random(using: &generator) {
                    Self.send(sent + 1...sent + 5, with: &tracker)
                    open.formUnion(sent + 1...sent + 5)
                    sent += 5
                } else if let tag = open.randomElement(using: &generator) {
                    let multiple = Int.random(in: 0..<4, using: &generator) == 0
                    let expected: Set<Int> = multiple ? open.filter { $0 <= tag } : [tag]
                    let resolutions = tracker.acknowledged(tag: UInt64(tag), multiple: multiple)
                    #expect(Set(resolutions.map(\.ticket)) == expected && resolutions.count == expected.count)
                    open.subtract(expected)
                }
                #expect(tracker.count == open.count)
                #expect(tracker.oldest == open.min().map { Self.start + .seconds($0) })
            }
        }
    }
}
