import Foundation
import HTTPTypes
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Pausing and resuming")
struct PauseRouteTests {
    private let fixture = APIFixture()
    private let first = ScanID(UUID())
    private let second = ScanID(UUID())
    private let foreign = ScanID(UUID())

    init() {
        fixture.store.state.withLock { state in
            state.activeScans = [first: APIFixture.project, second: APIFixture.project, foreign: .other]
            state.progress = [
                .sample(first, .running), .sample(second, .running), .sample(foreign, .running, project: .other),
            ]
        }
    }

    private var paused: Set<ScanID> { fixture.store.state.withLock { $0.paused } }

    private func list(_ scans: [ScanID]) -> JSONValue {
        .array(scans.sorted().map { .string("\($0)") })
    }

    @Test("all of a project's scans are paused and resumed, however often that is asked, and no other project's")
    func project() async throws {
        for _ in 0..<2 {
            let answer = try await fixture.send(.post, project: "pause")
            #expect(answer.status == 200)
            #expect(answer.body == .object(["status": "paused", "scans": list([first, second])]))
            #expect(paused == [first, second])
        }
        for _ in 0..<2 {
            let answer = try await fixture.send(.post, project: "resume")
            #expect(answer.body == .object(["status": "resumed", "scans": list([first, second])]))
            #expect(paused.isEmpty)
        }
    }

    @Test("one scan is paused and resumed without the others")
    func scan() async throws {
        let answer = try await fixture.send(.post, project: "scans/\(second)/pause")
        #expect(answer.body == .object(["status": "paused", "scans": list([second])]))
        #expect(paused == [second])
        #expect(try await fixture.send(.post, project: "scans/\(second)/resume").body["status"] == "resumed")
        #expect(paused.isEmpty)
    }

    @Test("where nothing is active there is nothing to pause", arguments: ["pause", "resume"])
    func nothingActive(verb: String) async throws {
        fixture.store.state.withLock { $0.activeScans = [foreign: .other] }
        for route in [verb, "scans/\(first)/\(verb)"] {
            let answer = try await fixture.send(.post, project: route)
            #expect(answer.status == 200)
            #expect(answer.body == .object(["status": "no_tasks", "scans": []]))
        }
    }

    @Test("another project's scan, and one that nobody has, is not found", arguments: ["pause", "resume"])
    func isolation(verb: String) async throws {
        for id in [foreign, ScanID(UUID())] {
            #expect(try await fixture.send(.post, project: "scans/\(id)/\(verb)").status == 404)
        }
        #expect(paused.isEmpty)
        #expect(try await fixture.send(.post, project: "scans/7/\(verb)").status == 422)
        #expect(try await fixture.send(.get, project: verb).status == 405)
    }

    @Test("while ScanLedger is away, who was allowed lately may pause all the same")
    func pauseInOutage() async throws {
        _ = try await fixture.send(.get, project: "status")
        fixture.ledger.state.withLock { $0.isAway = true }
        fixture.time.advance(by: .seconds(14 * 60))
        #expect(try await fixture.send(.post, project: "scans/\(second)/pause").status == 200)
        #expect(paused == [second])
        #expect(try await fixture.send(.post, project: "pause").status == 200)
        #expect(paused == [first, second])
        fixture.time.advance(by: .seconds(60))
        #expect(try await fixture.send(.post, project: "pause").status == 503)
    }

    @Test("while ScanLedger is away nothing is resumed")
    func resumeInOutage() async throws {
        _ = try await fixture.send(.post, project: "pause")
        fixture.ledger.state.withLock { $0.isAway = true }
        fixture.time.advance(by: .seconds(31))
        for route in ["resume", "scans/\(second)/resume"] {
            #expect(try await fixture.send(.post, project: route).status == 503)
        }
        #expect(paused == [first, second])
    }

    @Test("while ScanLedger is away, who was not seen before, or was refused last, may not even pause")
    func strangersInOutage() async throws {
        _ = try await fixture.send(.get, project: "status")
        fixture.ledger.state.withLock { $0.access = [:] }
        fixture.time.advance(by: .seconds(31))
        #expect(try await fixture.send(.post, project: "pause").status == 401)
        fixture.ledger.state.withLock { $0.isAway = true }
        fixture.time.advance(by: .seconds(6))
        let path = "/tasks/\(APIFixture.project)/pause"
        for token in [APIFixture.token, "never-seen"] {
            #expect(try await fixture.send(.post, path, token: token).status == 503)
        }
        #expect(paused.isEmpty)
    }

    @Test("a paused scan is shown as paused")
    func state() async throws {
        fixture.store.state.withLock { $0.progress = [.sample(first, .paused)] }
        #expect(try await fixture.send(.get, project: "scans/\(first)").body["state"] == "paused")
    }
}
