import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Shared reads")
struct SharedReadsTests {
    private struct Broken: Error, Equatable {
        let number: Int
    }

    /// Reads that end when they are told to.
    private final class Source: Sendable {
        private struct State {
            var reads = 0
            var pending: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var reads: Int { state.withLock { $0.reads } }

        /// The number of the read.
        func read() async -> Int {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    state.reads += 1
                    state.pending.append(continuation)
                }
            }
            return reads
        }

        func finishOne() async {
            while true {
                let next = state.withLock { $0.pending.isEmpty ? nil : $0.pending.removeFirst() }
                if let next { return next.resume() }
                await Task.yield()
            }
        }

        func begun(_ count: Int) async {
            while reads < count { await Task.yield() }
        }
    }

    @Test("who asks during a read gets the next one's answer, and all who do share it")
    func sharing() async throws {
        let source = Source()
        let shared = SharedReads<String, Int, Never> { _ in await source.read() }
        async let first = shared.value(of: "a")
        await source.begun(1)
        let followers = (0..<20).map { _ in Task { await shared.value(of: "a") } }
        while shared.waiters(of: "a") < followers.count { await Task.yield() }
        #expect(source.reads == 1)
        await source.finishOne()
        await source.finishOne()
        #expect(await first == 1)
        for follower in followers { #expect(await follower.value == 2) }
        #expect(source.reads == 2)
        async let later = shared.value(of: "a")
        await source.finishOne()
        #expect(await later == 3)
    }

    @Test("one thing does not wait for another")
    func keys() async {
        let source = Source()
        let shared = SharedReads<String, Int, Never> { _ in await source.read() }
        async let a = shared.value(of: "a")
        async let b = shared.value(of: "b")
        await source.begun(2)
        await source.finishOne()
        await source.finishOne()
        _ = await (a, b)
    }

    @Test("an error goes to all who share the read, and the next read is made all the same")
    func errors() async {
        let source = Source()
        let shared = SharedReads<String, Int, Broken> { _ async throws(Broken) in
            throw Broken(number: await source.read())
        }
        let first = Task { try await shared.value(of: "a") }
        await source.begun(1)
        let followers = (0..<2).map { _ in Task { try await shared.value(of: "a") } }
        while shared.waiters(of: "a") < followers.count { await Task.yield() }
        await source.finishOne()
        await source.finishOne()
        await #expect(throws: Broken(number: 1)) { try await first.value }
        for follower in followers { await #expect(throws: Broken(number: 2)) { try await follower.value } }
    }

    @Test("a request that is given up does not take the answer from others")
    func cancellation() async throws {
        let source = Source()
        let shared = SharedReads<String, Int, any Error> { _ in
            let number = await source.read()
            try Task.checkCancellation()
            return number
        }
        let first = Task { try await shared.value(of: "a") }
        await source.begun(1)
        let reader = Task { try await shared.value(of: "a") }
        while shared.waiters(of: "a") < 1 { await Task.yield() }
        let follower = Task { try await shared.value(of: "a") }
        while shared.waiters(of: "a") < 2 { await Task.yield() }
        reader.cancel()
        await source.finishOne()
        await source.finishOne()
        _ = try await first.value
        #expect(try await follower.value == 2)
    }
}
