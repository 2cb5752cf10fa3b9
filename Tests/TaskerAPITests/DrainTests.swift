import HTTPTypes
import ServiceLifecycleTestKit
import Testing

@testable import TaskerAPI

@Suite("Draining a replica", .timeLimit(.minutes(1)))
struct DrainTests {
    private let fixture = APIFixture()

    @Test("until it is told to end, a replica is ready and keeps connections open")
    func before() async throws {
        let answer = try await fixture.send(.get, "/readyz")
        #expect(answer.status == 200 && answer.headers[.connection] == nil)
    }

    @Test("a replica that is told to end says so at once, and goes on serving over connections that it has closed")
    func after() async throws {
        _ = try await fixture.send(.get, "/readyz")
        try await testGracefulShutdown { trigger in
            trigger.triggerGracefulShutdown()
            try await fixture.drain.run()
        }
        let readiness = try await fixture.send(.get, "/readyz")
        #expect(readiness.status == 503 && readiness.body["detail"] == .string("ending"))
        let status = try await fixture.send(.get, project: "status")
        #expect(status.status == 200 && status.headers[.connection] == "close")
    }
}
