import Testing

@testable import RedisClient

@Suite("Subscription table")
struct SubscriptionTableTests {
    private func bulk(_ text: String) -> RedisValue { .bulk(Array(text.utf8)) }

    private func confirmation(_ channel: String) -> RedisValue {
        .array([bulk("subscribe"), bulk(channel), .integer(1)])
    }

    private func message(_ channel: String, _ payload: String) -> RedisValue {
        .array([bulk("message"), bulk(channel), bulk(payload)])
    }

    private func connectedTable() -> SubscriptionTable {
        var table = SubscriptionTable()
        _ = table.connected()
        return table
    }

    @Test("subscriptions made before the connection are asked for when it comes")
    func beforeConnection() {
        var table = SubscriptionTable()
        #expect(table.add(1, channels: ["a", "b"]) == .none)
        #expect(table.add(2, channels: ["b"]) == .none)
        #expect(table.connected() == .subscribe(["a", "b"]))
    }

    @Test("a subscription begins when every channel of it is confirmed")
    func confirmations() {
        var table = connectedTable()
        #expect(table.add(1, channels: ["a", "b"]) == .subscribe(["a", "b"]))
        #expect(table.received(confirmation("a")) == .none)
        #expect(table.received(confirmation("b")) == .deliver(.subscribed, to: [1]))
    }

    @Test("a channel that is confirmed already is not asked for again")
    func sharedChannel() {
        var table = connectedTable()
        _ = table.add(1, channels: ["a"])
        #expect(table.add(2, channels: ["a"]) == .none, "still waits for the first confirmation")
        #expect(table.received(confirmation("a")) == .deliver(.subscribed, to: [1, 2]))
        #expect(table.add(3, channels: ["a"]) == .deliver(.subscribed, to: [3]))
        #expect(
            table.received(message("a", "x"))
                == .deliver(.message(channel: "a", payload: [120]), to: [1, 2, 3])
        )
    }

    @Test("after a reconnect every subscription begins again")
    func reconnect() {
        var table = connectedTable()
        _ = table.add(1, channels: ["a"])
        _ = table.received(confirmation("a"))
        table.disconnected()
        #expect(table.add(2, channels: ["a"]) == .none)
        #expect(table.connected() == .subscribe(["a"]))
        #expect(table.received(confirmation("a")) == .deliver(.subscribed, to: [1, 2]))
    }

    @Test("a channel is left with its last listener")
    func leaving() {
        var table = connectedTable()
        _ = table.add(1, channels: ["a", "b"])
        _ = table.add(2, channels: ["b"])
        #expect(table.remove(1) == .unsubscribe(["a"]))
        #expect(table.remove(2) == .unsubscribe(["b"]))
        #expect(table.remove(2) == .none)
        #expect(table.received(message("b", "late")) == .none)
    }

    @Test("nothing is said to a server that is not there")
    func leavingWhileDisconnected() {
        var table = connectedTable()
        _ = table.add(1, channels: ["a"])
        table.disconnected()
        #expect(table.remove(1) == .none)
        #expect(table.connected() == .none)
    }

    @Test("a channel left and joined again is confirmed by its second answer")
    func rejoin() {
        var table = connectedTable()
        _ = table.add(1, channels: ["a"])
        _ = table.remove(1)
        #expect(table.add(2, channels: ["a"]) == .subscribe(["a"]))
        #expect(table.received(confirmation("a")) == .none)
        #expect(table.received(.array([bulk("unsubscribe"), bulk("a"), .integer(0)])) == .none)
        #expect(table.received(confirmation("a")) == .deliver(.subscribed, to: [2]))
    }

    @Test("a refusal is passed on, and answers to pings lead to nothing")
    func others() {
        var table = connectedTable()
        let refusal = RedisServerError(code: "NOPERM", message: "no access")
        #expect(table.received(.error(refusal)) == .reject(refusal))
        #expect(table.received(.array([bulk("pong"), bulk("")])) == .none)
        #expect(table.received(.status("PONG")) == .none)
    }
}
