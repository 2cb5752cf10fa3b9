import Foundation
import HTTPTypes
import Hummingbird
import ScanLedger
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Reports under way", .timeLimit(.minutes(1)))
struct ReportAdmissionTests {
    private let fixture = APIFixture()
    private let sample = SampleReport(standings: Array(repeating: .done, count: 70_000))

    init() {
        sample.put(in: fixture.store)
        fixture.ledger.state.withLock { state in
            for number in 0..<20 { state.access["token-\(number)"] = .granted }
        }
    }

    private var path: String { "/tasks/\(APIFixture.project)/scans/\(sample.id)/report" }
    private var underWay: Int { fixture.api.admission.count }

    private func respond(_ token: String = APIFixture.token) async throws -> Response {
        try await fixture.respond(.get, path, token: token)
    }

    @Test("a caller may have four reports under way, and is told so and when to come again")
    func perCaller() async throws {
        var responses: [Response] = []
        for _ in 0..<4 { responses.append(try await respond()) }
        #expect(responses.allSatisfy { $0.status == .ok } && underWay == 4)
        let answer = try await fixture.send(.get, path)
        #expect(answer.status == 429 && answer.headers[.retryAfter] == "10")
        #expect(
            answer.body["detail"]
                == "4 reports are on their way to you, as many as there may be; read them to their ends first"
        )
        #expect(try await respond("token-1").status == .ok)
        responses.removeLast()
        #expect(try await respond().status == .ok)
    }

    @Test("a replica has 32 reports under way at most, whoever asks")
    func perReplica() async throws {
        var responses: [Response] = []
        for number in 0..<32 { responses.append(try await respond("token-\(number / 4)")) }
        #expect(responses.allSatisfy { $0.status == .ok } && underWay == 32)
        let answer = try await fixture.send(.get, path)
        #expect(answer.status == 429 && answer.headers[.retryAfter] == "10")
        #expect(
            answer.body["detail"] == "32 reports are on their way from this replica, as many as there may be"
        )
        #expect(try await fixture.send(.get, project: "scans/\(sample.id)/targets").status == 200)
        responses.removeAll()
        #expect(underWay == 0)
    }

    @Test("a report is under way until its last line is written")
    func whole() async throws {
        let response = try await respond()
        var seen: [Int] = []
        let writer = BlockObserver { seen.append(underWay) }
        try await response.body.write(writer)
        #expect(!seen.isEmpty && seen.allSatisfy { $0 == 1 })
    }

    @Test("whatever ends a report gives its place back")
    func everyEnd() async throws {
        _ = try await APIFixture.blocks(of: try await respond())
        #expect(underWay == 0)
        do {
            let response = try await respond()
            fixture.store.state.withLock { $0.chunksUntilAway = 1 }
            await #expect(throws: StoreError.self) { try await APIFixture.blocks(of: response) }
        }
        #expect(underWay == 0)
        #expect(try await respond().status == .serviceUnavailable)
        #expect(underWay == 0)
        fixture.store.state.withLock { ($0.isAway, $0.chunksUntilAway) = (false, .max) }
        do {
            let response = try await respond()
            let writer = BlockObserver { throw CancellationError() }
            await #expect(throws: CancellationError.self) { try await response.body.write(writer) }
        }
        #expect(underWay == 0)
        #expect(try await fixture.send(.get, project: "scans/\(ScanID(UUID()))/report").status == 404)
        #expect(underWay == 0)
    }
}
