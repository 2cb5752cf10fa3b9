import Foundation
import HTTPTypes
import NIOCore
import ScanModel
import ScanStore
import Testing

@testable import TaskerAPI

@Suite("Who listens to events")
struct EventFeedsTests {
    private let project = ProjectID(UUID())
    private let alice = CallerID(description: "alice")
    private let bob = CallerID(description: "bob")

    private static func place(_ number: UInt64) -> StreamPosition {
        StreamPosition(milliseconds: 1_000, number: number)
    }

    private static func batch(_ numbers: ClosedRange<UInt64>) -> EventBatch {
        EventBatch(numbers.map { ProjectEvent(id: place($0), kind: "scan", data: "{\"n\":\($0)}") })
    }

    private func feeds(total: Int = 8, perCaller: Int = 8) -> EventFeeds {
        EventFeeds(limits: EventFeeds.Limits(total: total, perCaller: perCaller))
    }

    /// What a listener hears until its stream ends.
    private func heard(_ signals: AsyncStream<EventSignal>) async -> [String] {
        var heard: [String] = []
        for await signal in signals {
            switch signal {
            case .events(let batch): heard.append("to \(batch.last)")
            case .missed: heard.append("missed")
            case .tick: heard.append("tick")
            case .restart: heard.append("restart")
            }
        }
        return heard
    }

    @Test("all listeners of a project hear what is published, those of another one nothing")
    func fanOut() async throws {
        var feeds = feeds()
        let first = try feeds.join(project, as: alice, at: Self.place(0))
        let second = try feeds.join(project, as: bob, at: Self.place(0))
        let stranger = try feeds.join(ProjectID(UUID()), as: bob, at: Self.place(0))
        for delivery in feeds.publish(Self.batch(1...2), to: project, readAfter: Self.place(0)) { delivery.make() }
        #expect(feeds.positions[project] == Self.place(2))
        feeds.end()
        #expect(await heard(first.signals) == ["to 1000-2", "restart"])
        #expect(await heard(second.signals) == ["to 1000-2", "restart"])
        #expect(await heard(stranger.signals) == ["restart"])
    }

    @Test("what was read behind another place than the feed's is not published")
    func outdatedRead() async throws {
        var feeds = feeds()
        let early = try feeds.join(project, as: alice, at: Self.place(0))
        feeds.leave(project, early.number)
        let late = try feeds.join(project, as: alice, at: Self.place(5))
        let deliveries = feeds.publish(Self.batch(1...6), to: project, readAfter: Self.place(0))
        #expect(deliveries.isEmpty)
        #expect(feeds.positions[project] == Self.place(5))
        feeds.end()
        #expect(await heard(late.signals) == ["restart"])
    }

    @Test("a listener that takes nothing is cut off behind what waits for it")
    func slowListener() async throws {
        var feeds = feeds()
        let slow = try feeds.join(project, as: alice, at: Self.place(0))
        for number in 1...UInt64(EventFeeds.signalsKept + 10) {
            let deliveries = feeds.publish(Self.batch(number...number), to: project, readAfter: Self.place(number - 1))
            for delivery in deliveries { delivery.make() }
        }
        let heard = await heard(slow.signals)
        #expect(heard.count == EventFeeds.signalsKept)
        #expect(heard.last == "to 1000-\(EventFeeds.signalsKept)")
    }

    @Test("a caller has so many streams, the replica so many, and who leaves makes room")
    func limits() throws {
        var feeds = feeds(total: 3, perCaller: 2)
        let first = try feeds.join(project, as: alice, at: Self.place(0))
        _ = try feeds.join(project, as: alice, at: Self.place(0))
        #expect(throws: APIError.self) { try feeds.join(project, as: alice, at: Self.place(0)) }
        _ = try feeds.join(project, as: bob, at: Self.place(0))
        let full = #expect(throws: APIError.self) { try feeds.join(project, as: bob, at: Self.place(0)) }
        #expect(full?.status == .serviceUnavailable)
        feeds.leave(project, first.number)
        feeds.leave(project, first.number)
        #expect(feeds.count == 2)
        _ = try feeds.join(project, as: alice, at: Self.place(0))
        let own = #expect(throws: APIError.self) { try feeds.join(project, as: alice, at: Self.place(0)) }
        #expect(own?.status == .tooManyRequests)
        #expect(feeds.count == 3)
    }

    @Test("in a round of turns each listener is ticked once")
    func ticks() async throws {
        var feeds = feeds()
        let listeners = try (0..<5).map { _ in try feeds.join(project, as: alice, at: Self.place(0)) }
        for turn in 0..<EventFeeds.turns { feeds.tick(turn: turn) }
        feeds.end()
        for listener in listeners { #expect(await heard(listener.signals) == ["tick", "restart"]) }
    }

    @Test("nobody listens any more once the replica ends")
    func end() throws {
        var feeds = feeds()
        feeds.end()
        #expect(throws: APIError.self) { try feeds.join(project, as: alice, at: Self.place(0)) }
        #expect(feeds.count == 0)
    }

    @Test("of a batch only what is behind the listener's place is written", arguments: [0, 1, 2, 3])
    func partOfBatch(known: UInt64) {
        let text = Self.batch(1...3).bytes(after: Self.place(known)).map { String(buffer: $0) } ?? ""
        let expected = (1...3).filter { $0 > known }.map { "id: 1000-\($0)\nevent: scan\ndata: {\"n\":\($0)}\n\n" }
        #expect(text == expected.joined())
    }

    @Test(
        "every line of an event's data is one",
        arguments: [("a", "data: a\n"), ("a\nb\r\nc\rd", "data: a\ndata: b\ndata: c\ndata: d\n"), ("", "data: \n")]
    )
    func lines(data: String, expected: String) {
        #expect(EventText.event("scan", data) == "event: scan\n\(expected)\n")
    }
}
