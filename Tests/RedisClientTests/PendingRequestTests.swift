import NIOCore
import Testing

@testable import RedisClient

@Suite("Pending request")
struct PendingRequestTests {
    private func request() -> PendingRequest {
        PendingRequest(bytes: [], timeout: .seconds(1), connectionWait: .seconds(1), now: .now())
    }

    @Test("a result set before the wait is there at once")
    func completedFirst() async throws {
        let request = request()
        request.complete(.success(.integer(1)))
        #expect(request.isCompleted)
        #expect(try await request.value() == .integer(1))
    }

    @Test("the first completion decides, from whichever thread")
    func race() async throws {
        for _ in 0..<200 {
            let request = request()
            async let value = request.value()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask { request.complete(.success(.integer(Int64(number)))) }
                }
            }
            #expect((0..<4).contains(try await value.int ?? -1))
        }
    }

    @Test("cancelling the caller ends the wait, and a late reply is ignored")
    func cancellation() async {
        let request = request()
        let caller = Task { try await request.value() }
        caller.cancel()
        let result = await caller.result
        #expect(throws: RedisError(code: .cancelled, message: "the task was cancelled")) { try result.get() }
        request.complete(.success(.null))
        #expect(request.isCompleted)
    }
}
