import Foundation
import RedisClient
import ScanModel
import ScanStore
import ServiceLifecycleTestKit
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Waiting for the coordinator", .timeLimit(.minutes(1)))
struct PlanNotifierTests {
    private let topic = Topic.receipt(UUID())
    private let clock = ManualClock()
    private let value = Box()
    private let reads = Counter()

    /// A notifier that listens to what the test sends.
    private func withNotifier(
        limit: Int = 10,
        _ body: (PlanNotifier, AsyncStream<RedisMessage>.Continuation) async throws -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: RedisMessage.self)
        let notifier = PlanNotifier(waiterLimit: limit) { stream }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await notifier.run() }
            try await body(notifier, continuation)
            continuation.finish()
            try await group.waitForAll()
        }
    }

    private func message(_ payload: String) -> RedisMessage {
        .message(channel: Channel.notify, payload: Array(payload.utf8))
    }

    @Test("what is there already is read once")
    func atOnce() async throws {
        try await withNotifier { notifier, _ in
            let result = try await notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { 7 }
            #expect(result == 7)
            #expect(notifier.waiterCount == 0)
        }
    }

    @Test("a message wakes the one who waits for it, without time passing")
    func woken() async throws {
        guard case .receipt(let id) = topic else { return }
        try await withNotifier { notifier, messages in
            async let result = notifier.wait(for: topic, atMost: .seconds(30), clock: clock) {
                reads.increment()
                return value.content
            }
            await clock.untilSomebodySleeps()
            messages.yield(message("receipt \(UUID().uuidString)"))
            messages.yield(message("nonsense"))
            value.content = 3
            messages.yield(message("receipt \(id.uuidString.lowercased())"))
            let found = try await result
            #expect(found == 3)
            #expect(reads.value == 2)
        }
    }

    @Test("a new subscription makes everybody read again, since messages may have been missed")
    func resubscribed() async throws {
        try await withNotifier { notifier, messages in
            async let result = notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { value.content }
            await clock.untilSomebodySleeps()
            value.content = 4
            messages.yield(.subscribed)
            let found = try await result
            #expect(found == 4)
        }
    }

    @Test("a lost message delays an answer by two seconds, no longer")
    func fallback() async throws {
        try await withNotifier { notifier, _ in
            async let result = notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { value.content }
            await clock.untilSomebodySleeps()
            value.content = 5
            clock.advance(by: PlanNotifier.fallbackInterval)
            let found = try await result
            #expect(found == 5)
        }
    }

    @Test("when the time is up there is no value")
    func timeIsUp() async throws {
        try await withNotifier { notifier, _ in
            async let result = notifier.wait(for: topic, atMost: .seconds(3), clock: clock) { () -> Int? in
                reads.increment()
                return nil
            }
            for _ in 0..<2 {
                await clock.untilSomebodySleeps()
                clock.advance(by: .seconds(2))
            }
            let found = try await result
            #expect(found == nil)
            #expect(reads.value == 3)
            #expect(notifier.waiterCount == 0)
        }
    }

    @Test("no wait at all is one look")
    func noWait() async throws {
        try await withNotifier { notifier, _ in
            let result = try await notifier.wait(for: topic, atMost: .zero, clock: clock) { () -> Int? in
                reads.increment()
                return nil
            }
            #expect(result == nil)
            #expect(reads.value == 1)
        }
    }

    @Test("where too many wait already, only one look is taken")
    func tooMany() async throws {
        try await withNotifier(limit: 1) { notifier, messages in
            async let first = notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { value.content }
            await clock.untilSomebodySleeps()
            let second = try await notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { () -> Int? in nil }
            #expect(second == nil)
            value.content = 6
            messages.yield(.subscribed)
            let found = try await first
            #expect(found == 6)
            let third = try await notifier.wait(for: topic, atMost: .zero, clock: clock) { 8 }
            #expect(third == 8)
        }
    }

    @Test("graceful shutdown ends the wait")
    func shutdown() async throws {
        try await withNotifier { notifier, _ in
            try await testGracefulShutdown { trigger in
                async let result = notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { () -> Int? in nil }
                await clock.untilSomebodySleeps()
                trigger.triggerGracefulShutdown()
                let found = try await result
                #expect(found == nil)
            }
        }
    }

    @Test("an error of a read ends the wait, and nobody is left behind")
    func readError() async throws {
        try await withNotifier { notifier, _ in
            await #expect(throws: CancellationError.self) {
                try await notifier.wait(for: topic, atMost: .seconds(30), clock: clock) { () throws -> Int? in
                    throw CancellationError()
                }
            }
            #expect(notifier.waiterCount == 0)
        }
    }

    @Test(
        "notifications are read, others ignored",
        arguments: [
            ("planned 01890a5d-ac96-774b-bcce-b302099a8057", true),
            ("ended 01890A5D-AC96-774B-BCCE-B302099A8057", true),
            ("receipt 01890a5d-ac96-774b-bcce-b302099a8057", true), ("planned", false), ("", false),
            ("planned x", false),
            ("other 01890a5d-ac96-774b-bcce-b302099a8057", false),
        ]
    )
    func topics(payload: String, isRead: Bool) {
        #expect((Topic(notification: Array(payload.utf8)) != nil) == isRead)
    }
}

@Suite("A waiter's states")
struct WaiterStateTests {
    private typealias Machine = Waiter.StateMachine<Int>

    private func resumed(_ action: Machine.Action) -> Int? {
        switch action {
        case .none: nil
        case .resume(let continuation): continuation
        }
    }

    @Test("a signal ends the wait")
    func waitThenSignal() {
        var machine = Machine()
        #expect(resumed(machine.wait(1, isCancelled: false)) == nil)
        #expect(resumed(machine.signal()) == 1)
        #expect(resumed(machine.cancel()) == nil)
    }

    @Test("a signal from before the wait is kept, once")
    func signalThenWait() {
        var machine = Machine()
        #expect(resumed(machine.signal()) == nil)
        #expect(resumed(machine.signal()) == nil)
        #expect(resumed(machine.cancel()) == nil)
        #expect(resumed(machine.wait(1, isCancelled: false)) == 1)
        #expect(resumed(machine.wait(2, isCancelled: false)) == nil)
    }

    @Test("a cancelled wait ends, and takes no later signal with it")
    func cancelled() {
        var machine = Machine()
        #expect(resumed(machine.wait(1, isCancelled: true)) == 1)
        #expect(resumed(machine.wait(2, isCancelled: false)) == nil)
        #expect(resumed(machine.cancel()) == 2)
        #expect(resumed(machine.signal()) == nil)
        #expect(resumed(machine.wait(3, isCancelled: false)) == 3)
    }
}

/// What is waited for.
final class Box: Sendable {
    private let state = Mutex<Int?>(nil)

    var content: Int? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// A number that many may raise.
final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { state.withLock { $0 } }

    func increment() { state.withLock { $0 += 1 } }
}
