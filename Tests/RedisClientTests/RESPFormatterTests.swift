import Testing

@testable import RedisClient

@Suite("RESP formatter")
struct RESPFormatterTests {
    private func format(_ command: RedisCommand) throws -> String {
        var output: [UInt8] = []
        try RESPFormatter.append(command, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test("text, numbers and bytes become bulk strings")
    func argumentKinds() throws {
        let command: RedisCommand = ["SET", "k\(1)é", .bytes([97, 13, 10, 98]), 7, .int(UInt64.max), .int(Int64.min)]
        #expect(
            try format(command)
                == "*6\r\n$3\r\nSET\r\n$4\r\nk1é\r\n$4\r\na\r\nb\r\n$1\r\n7\r\n$20\r\n18446744073709551615\r\n"
                + "$20\r\n-9223372036854775808\r\n"
        )
    }

    @Test("empty arguments keep their place")
    func emptyArguments() throws {
        #expect(try format(["", .bytes([]), "x"]) == "*3\r\n$0\r\n\r\n$0\r\n\r\n$1\r\nx\r\n")
        #expect(try format([""]) == "*1\r\n$0\r\n\r\n")
    }

    @Test("bytes of every value arrive unchanged")
    func allBytes() throws {
        let bytes = (0...255).map { UInt8($0) }
        var output: [UInt8] = []
        try RESPFormatter.append(["A", .bytes(bytes)], to: &output)
        #expect(output == Array("*2\r\n$1\r\nA\r\n$256\r\n".utf8) + bytes + Array("\r\n".utf8))
    }

    @Test("an empty command is refused before it is sent")
    func emptyCommand() {
        let error = #expect(throws: RedisError.self) { try format([]) }
        #expect(error?.code == .invalidCommand)
        #expect(error?.mayHaveBeenApplied == false)
    }
}
