import HTTPTypes
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Sending run-nmap again")
struct IdempotencyTests {
    private let fixture = APIFixture()

    private func run(key: String?, project: ProjectID = APIFixture.project, timeout: Int = 60) async throws
        -> APIFixture.Answer
    {
        var body = try Fixture.value("run-nmap.request")
        body["timeout"] = .integer(timeout)
        var headers: HTTPFields = [:]
        headers[.idempotencyKey] = key
        return try await fixture.send(.post, "/tasks/\(project)/run-nmap", headers: headers, body: try body.bytes)
    }

    @Test("the same request under the same key is the same scan, and says so")
    func replay() async throws {
        let first = try await run(key: "order-17")
        #expect(first.status == 202 && first.headers[.idempotencyReplayed] == nil)
        let again = try await run(key: "order-17")
        #expect(again.status == 202 && again.headers[.idempotencyReplayed] == "true")
        #expect(again.body["scan_id"] == first.body["scan_id"])
        #expect(again.body["report"] == first.body["report"])
        #expect(again.headers[.location] == first.headers[.location])
        #expect(fixture.store.state.withLock { $0.submitted.count } == 1)
    }

    @Test("another request under the same key is a 409, and is not accepted")
    func conflict() async throws {
        _ = try await run(key: "order-17")
        let answer = try await run(key: "order-17", timeout: 61)
        #expect(answer.status == 409)
        #expect(answer.body["detail"] == "this Idempotency-Key came with another request before; send a new key")
        #expect(fixture.store.state.withLock { $0.submitted.count } == 1)
    }

    @Test("without a key, or with another one, or in another project, it is another scan")
    func separate() async throws {
        _ = try await run(key: nil)
        _ = try await run(key: nil)
        _ = try await run(key: "a")
        _ = try await run(key: "b")
        _ = try await run(key: "a", project: .other)
        #expect(Set(fixture.store.state.withLock { $0.submitted.map(\.id) }).count == 5)
    }

    @Test(
        "a key is 1 to 255 visible characters of ASCII",
        arguments: [
            ("", 400), ("a b", 400), ("schlüssel", 400), (String(repeating: "k", count: 256), 400),
            (String(repeating: "k", count: 255), 202), ("!~\"", 202),
        ]
    )
    func keys(key: String, status: Int) async throws {
        let answer = try await run(key: key)
        #expect(answer.status == status)
        if case .string(let detail) = answer.body["detail"] { #expect(detail.contains("Idempotency-Key")) }
        #expect(fixture.store.state.withLock { $0.submitted.count } == (status == 202 ? 1 : 0))
    }
}
