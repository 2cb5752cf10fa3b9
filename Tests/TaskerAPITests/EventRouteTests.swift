import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ScanModel
import ScanStore
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("The stream of events")
struct EventRouteTests {
    private static let path = "/tasks/\(APIFixture.project)/events"

    private static func place(_ number: UInt64) -> StreamPosition {
        StreamPosition(milliseconds: 1_000, number: number)
    }

    private static func event(_ number: UInt64) -> ProjectEvent {
        ProjectEvent(id: place(number), kind: "scan", data: "{\"n\":\(number)}")
    }

    /// What a caller is sent until the replica ends; `meanwhile` runs once the caller has what there was at first.
    private func stream(
        _ api: APIFixture,
        lastEventID: String? = nil,
        meanwhile: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> [String] {
        var headers: HTTPFields = [:]
        headers[HTTPField.Name("Last-Event-ID")!] = lastEventID
        let response = try await api.respond(.get, Self.path, headers: headers)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/event-stream")
        try await meanwhile()
        api.api.events.end()
        let text = String(decoding: Array(try await APIFixture.blocks(of: response).joined()), as: UTF8.self)
        return text.split(separator: "\n\n").map { block in
            block.split(separator: "\n").filter { !$0.hasPrefix("data: {\"scans\"") }.joined(separator: " ")
        }
    }

    private func fixture(events: ClosedRange<UInt64>, forgotten: Int = 0) -> APIFixture {
        let api = APIFixture()
        api.store.state.withLock { state in
            state.events[APIFixture.project] = events.map(Self.event)
            state.forgottenEvents[APIFixture.project] = forgotten
        }
        return api
    }

    private static let closing = #"event: close data: {"reason":"restart"}"#

    @Test("a new caller gets a snapshot, and what happens from then on")
    func snapshot() async throws {
        let api = fixture(events: 1...3)
        let blocks = try await stream(api) {
            api.store.state.withLock { $0.events[APIFixture.project]?.append(Self.event(4)) }
            await api.api.events.read()
        }
        #expect(
            blocks == [
                "retry: 2000", "id: 1000-3 event: snapshot", #"id: 1000-4 event: scan data: {"n":4}"#, Self.closing,
            ]
        )
    }

    @Test("who comes back gets what it missed, each event once, however the reading goes on meanwhile")
    func resumption() async throws {
        let api = fixture(events: 1...5)
        let blocks = try await stream(api, lastEventID: "1000-3") {
            api.store.state.withLock { $0.events[APIFixture.project]?.append(Self.event(6)) }
            await api.api.events.read()
        }
        let events = (4...6).map { #"id: 1000-\#($0) event: scan data: {"n":\#($0)}"# }
        #expect(blocks == ["retry: 2000"] + events + [Self.closing])
    }

    @Test("a stream ends where events were forgotten before its replica could read them, and else goes on")
    func replicaWithoutRedis() async throws {
        let api = fixture(events: 1...3)
        let hub = EventHub(
            store: api.store,
            limits: EventFeeds.Limits(total: 1, perCaller: 1),
            logger: Logger(label: "events")
        )
        let place = try hub.subscribe(to: APIFixture.project, as: CallerID(description: "alice"), at: Self.place(3))
        for (events, forgotten) in [(1...6, 0), (1...9, 7)] as [(ClosedRange<UInt64>, Int)] {
            api.store.state.withLock { $0.isAway = true }
            await hub.read()
            api.store.state.withLock { state in
                state.isAway = false
                state.events[APIFixture.project] = events.map(Self.event)
                state.forgottenEvents[APIFixture.project] = forgotten
            }
            await hub.read()
        }
        hub.end()
        var heard: [String] = []
        for await signal in place.signals {
            switch signal {
            case .events(let batch): heard.append("to \(batch.last)")
            case .missed: heard.append("missed")
            case .tick, .restart: heard.append("else")
            }
        }
        #expect(heard == ["to 1000-6", "missed"])
    }

    @Test("a stream ends where events were forgotten between its beginning and its first byte")
    func forgottenMeanwhile() async throws {
        let api = fixture(events: 1...3)
        let blocks = try await stream(api, lastEventID: "1000-3") {
            api.store.state.withLock { state in
                state.events[APIFixture.project] = (1...6).map(Self.event)
                state.forgottenEvents[APIFixture.project] = 5
            }
        }
        #expect(blocks == ["retry: 2000", #"event: close data: {"reason":"missed"}"#])
    }

    @Test("of more listeners than are handed something at a time each hears it once", arguments: [1, 25, 26, 60])
    func manyListeners(count: Int) async throws {
        let limits = EventFeeds.Limits(total: count, perCaller: count)
        let hub = EventHub(store: fixture(events: 1...3).store, limits: limits, logger: Logger(label: "events"))
        let caller = CallerID(description: "alice")
        let places = try (0..<count).map { _ in try hub.subscribe(to: APIFixture.project, as: caller, at: .beforeAll) }
        await hub.read()
        await hub.read()
        hub.end()
        for place in places {
            var heard: [StreamPosition] = []
            for await case .events(let batch) in place.signals { heard.append(batch.last) }
            #expect(heard == [Self.place(3)])
        }
    }

    @Test(
        "what is not known any more, or never was, begins with a snapshot",
        arguments: ["1000-1", "2000-0", "nonsense", ""]
    )
    func unknownEvent(lastEventID: String) async throws {
        let blocks = try await stream(fixture(events: 1...5, forgotten: 2), lastEventID: lastEventID)
        #expect(blocks == ["retry: 2000", "id: 1000-5 event: snapshot", Self.closing])
    }

    @Test("a stream ends once its token opens the project no more, and once nobody can say", arguments: [true, false])
    func reauthorisation(isRevoked: Bool) async throws {
        let api = fixture(events: 1...1)
        let response = try await api.respond(.get, Self.path)
        api.ledger.state.withLock { state in
            if isRevoked { state.access = [:] } else { state.isAway = true }
        }
        api.time.advance(by: .seconds(31))
        for turn in 0..<EventFeeds.turns { api.api.events.tick(turn: turn) }
        let text = String(decoding: Array(try await APIFixture.blocks(of: response).joined()), as: UTF8.self)
        let reason = isRevoked ? "unauthorized" : "unavailable"
        #expect(text.hasSuffix("event: close\ndata: {\"reason\":\"\(reason)\"}\n\n"))
    }

    @Test("a stream's place is free once nobody has its answer, whether it was read or not")
    func places() async throws {
        let api = fixture(events: 1...1)
        for _ in 0..<10 { _ = try await api.respond(.get, Self.path) }
        #expect(api.api.events.count == 0)
        var held: [Response] = []
        for _ in 0..<4 { held.append(try await api.respond(.get, Self.path)) }
        let refused = try await api.send(.get, Self.path)
        #expect(refused.status == 429)
        #expect(refused.headers[.retryAfter] != nil)
        #expect(held.count == api.api.events.count)
    }

    @Test("without a good token there is no stream")
    func strangers() async throws {
        let api = fixture(events: 1...1)
        #expect(try await api.send(.get, Self.path, token: "other").status == 401)
        #expect(try await api.send(.get, Self.path, token: nil).status == 401)
        #expect(try await api.send(.get, "\(Self.path)?token=\(APIFixture.token)", token: nil).status == 401)
    }
}

@Suite("How far back events are known")
struct EventHistoryTests {
    private static func place(_ milliseconds: UInt64) -> StreamPosition {
        StreamPosition(milliseconds: milliseconds, number: 0)
    }

    @Test("the last place and all behind the first are known, later ones are not")
    func kept() {
        let history = EventHistory(first: Self.place(10), last: Self.place(20), isWhole: false)
        #expect(history.reaches(back: Self.place(10)))
        #expect(history.reaches(back: Self.place(20)))
        #expect(!history.reaches(back: Self.place(9)))
        #expect(!history.reaches(back: Self.place(21)))
        #expect(!history.reaches(back: .beforeAll))
    }

    @Test("where none was dropped, places before the first are known for as long as events live")
    func whole() {
        let history = EventHistory(first: Self.place(1_000), last: Self.place(2_000), isWhole: true)
        #expect(history.reaches(back: .beforeAll))
        #expect(history.reaches(back: Self.place(900), lifetime: 100))
        #expect(!history.reaches(back: Self.place(899), lifetime: 100))
    }

    @Test("without any events only the beginning is known")
    func none() {
        let history = EventHistory(first: nil, last: .beforeAll, isWhole: true)
        #expect(history.reaches(back: .beforeAll))
        #expect(!history.reaches(back: Self.place(1)))
    }
}
