import Testing

@testable import RedisClient

@Suite("Redis values and errors")
struct RedisValueTests {
    @Test("each accessor answers for its kinds alone")
    func accessors() {
        #expect(RedisValue.bulk(Array("12".utf8)).int == 12)
        #expect(RedisValue.integer(12).int == 12)
        #expect(RedisValue.integer(12).string == nil)
        #expect(RedisValue.status("OK").string == "OK")
        #expect(RedisValue.status("OK").bytes == nil)
        #expect(RedisValue.bulk([0xff]).string == nil)
        #expect(RedisValue.bulk([0xff]).bytes == [0xff])
        #expect(RedisValue.array([.null]).array == [.null])
        #expect(RedisValue.null.isNull)
        #expect(RedisValue.null.array == nil)
        #expect(!RedisValue.bulk([]).isNull)
    }

    @Test("an error line is split at its first space")
    func errorLine() {
        #expect(
            RedisServerError(line: "FENCED epoch 3 < 4") == RedisServerError(code: "FENCED", message: "epoch 3 < 4")
        )
        #expect(RedisServerError(line: "BARE") == RedisServerError(code: "BARE", message: ""))
        #expect(RedisServerError(line: "") == RedisServerError(code: "", message: ""))
    }

    @Test(
        "each code says whether to retry and whether it may have been applied",
        arguments: [
            (RedisError.Code.unavailable, true, false), (.connectionLost, true, true), (.timedOut, true, true),
            (.cancelled, false, true), (.protocolViolation, false, true), (.invalidCommand, false, false),
            (.server("OOM"), true, false), (.server("LOADING"), true, false), (.server("READONLY"), true, false),
            (.server("FENCED"), false, false), (.server("ERR"), false, false),
        ]
    )
    func errorProperties(code: RedisError.Code, isRetryable: Bool, mayHaveBeenApplied: Bool) {
        let error = RedisError(code: code, message: "m")
        #expect(error.isRetryable == isRetryable)
        #expect(error.mayHaveBeenApplied == mayHaveBeenApplied)
    }

    @Test("a script is known by the SHA-1 of its source")
    func scriptHash() {
        // From RFC 3174, section 7.3.
        #expect(RedisScript(name: "abc", source: "abc").sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    @Test("a password is in no description of a configuration")
    func secrecy() {
        let configuration = RedisConfiguration(host: "db", username: "u", password: "s3cret", database: 2)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(text.contains("redis://db:6379/2"))
            #expect(!text.contains("s3cret"))
        }
    }
}
