import Testing

@testable import TaskerCoordinator

@Suite("Operations that are not to be broken off")
struct CompletionTests {
    private struct BrokenOff: Error {}

    @Test("what has begun is completed although its task is cancelled")
    func completes() async throws {
        let begun = Wake()
        let goOn = Wake()
        let task = Task {
            try await completing(by: { .now + .seconds(60) }) { () async throws(BrokenOff) in
                begun.signal()
                await goOn.wait()
                if Task.isCancelled { throw BrokenOff() }
                return 7
            }
        }
        await begun.wait()
        task.cancel()
        goOn.signal()
        #expect(try await task.value == 7)
    }

    @Test("nothing goes on beyond its end")
    func ends() async {
        let begun = Wake()
        let task = Task {
            try await completing(by: { .now }) { () async throws(BrokenOff) in
                begun.signal()
                await Wake().wait()
                throw BrokenOff()
            }
        }
        await begun.wait()
        task.cancel()
        await #expect(throws: BrokenOff.self) { try await task.value }
    }
}
