import Synchronization
import Testing

@testable import RedisClient

@Suite("Message sink")
struct MessageSinkTests {
    private func message(_ number: Int) -> RedisMessage {
        .message(channel: "c", payload: Array("\(number)".utf8))
    }

    private func delivered(_ count: Int, bufferLimit: Int) async -> [RedisMessage] {
        var (stream, sink) = MessageSink.makeStream(bufferLimit: bufferLimit)
        for number in 0..<count {
            sink.deliver(message(number))
        }
        sink.finish()
        var messages: [RedisMessage] = []
        for await message in stream {
            messages.append(message)
        }
        return messages
    }

    @Test("a buffer that suffices loses nothing and marks nothing")
    func noLoss() async {
        #expect(await delivered(8, bufferLimit: 8) == (0..<8).map(message))
    }

    @Test("what is lost is followed by a marker", arguments: 9..<60)
    func loss(count: Int) async {
        let messages = await delivered(count, bufferLimit: 8)
        #expect(messages.count == 8)
        #expect(messages.filter { $0 == .subscribed }.count == 1)
        #expect(messages.last == message(count - 1) || messages.last == .subscribed)
    }

    @Test("the end of the reader is told")
    func termination() {
        let told = Told()
        do {
            let (_, sink) = MessageSink.makeStream(bufferLimit: 8)
            sink.onTermination { told.flag.store(true, ordering: .relaxed) }
        }
        let isTold = told.flag.load(ordering: .relaxed)
        #expect(isTold)
    }

    private final class Told: Sendable {
        let flag = Atomic(false)
    }
}
