import NIOCore
import Testing

@testable import RedisClient

@Suite("Command mailbox")
struct CommandMailboxTests {
    private func request(commands: Int = 1) -> PendingRequest {
        PendingRequest(
            bytes: [],
            replyCount: commands,
            timeout: .seconds(1),
            connectionWait: .seconds(1),
            now: .now()
        )
    }

    @Test("only the first request wakes the loop, and again after each collection")
    func wakes() {
        let mailbox = CommandMailbox(commandLimit: 10)
        #expect(mailbox.post(request()) == .wake)
        #expect(mailbox.post(request()) == .none)
        #expect(mailbox.collect().count == 2)
        #expect(mailbox.collect().isEmpty)
        #expect(mailbox.post(request()) == .wake)
    }

    @Test("commands count until they are released, collected or not")
    func limit() {
        let mailbox = CommandMailbox(commandLimit: 3)
        #expect(mailbox.post(request(commands: 2)) == .wake)
        #expect(mailbox.post(request(commands: 2)) == .refuseAsFull)
        _ = mailbox.collect()
        #expect(mailbox.post(request()) == .wake)
        #expect(mailbox.post(request()) == .refuseAsFull)
        mailbox.release(commandCount: 2)
        #expect(mailbox.post(request(commands: 2)) == .none)
    }

    @Test("a closed mailbox takes nothing and keeps what it had")
    func close() {
        let mailbox = CommandMailbox(commandLimit: 3)
        _ = mailbox.post(request())
        mailbox.close()
        #expect(mailbox.post(request()) == .refuse)
        #expect(mailbox.collect().count == 1)
    }
}
