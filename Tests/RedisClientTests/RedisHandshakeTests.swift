import Testing

@testable import RedisClient

@Suite("Redis handshake")
struct RedisHandshakeTests {
    @Test("credentials come first, then the database and the name, and a ping last")
    func everything() {
        let configuration = RedisConfiguration(
            host: "h",
            username: "u",
            password: "p",
            database: 3,
            clientName: "tasker-api"
        )
        #expect(
            RedisHandshake(configuration).commands == [
                ["AUTH", "u", "p"], ["SELECT", 3], ["CLIENT", "SETNAME", "tasker-api"], ["PING"],
            ]
        )
    }

    @Test("what is not configured is not sent")
    func least() {
        #expect(
            RedisHandshake(RedisConfiguration(host: "h")).commands == [["CLIENT", "SETNAME", "tasker"], ["PING"]]
        )
        #expect(
            RedisHandshake(RedisConfiguration(host: "h", password: "p")).commands.first == ["AUTH", "p"]
        )
    }

    @Test("only a name is verified as a name")
    func serverName() {
        #expect(RedisTLS.serverName(forHost: "redis.internal") == "redis.internal")
        #expect(RedisTLS.serverName(forHost: "127.0.0.1") == nil)
        #expect(RedisTLS.serverName(forHost: "::1") == nil)
    }
}
