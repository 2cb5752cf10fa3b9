import Testing

@testable import RedisClient

@Suite("RESP reader")
struct RESPReaderTests {
    /// One of everything, with errors and nils inside nested arrays, and line ends inside a bulk string.
    static let stream = Array(
        ("+OK\r\n" + ":-42\r\n" + "$4\r\na\r\nb\r\n" + "$0\r\n\r\n" + "$-1\r\n" + "*-1\r\n" + "*0\r\n"
            + "-ERR unknown command\r\n" + "-FENCED\r\n"
            + "*4\r\n:1\r\n*2\r\n$1\r\nx\r\n-WRONGTYPE not a list\r\n$-1\r\n*1\r\n*1\r\n+deep\r\n").utf8
    )

    static let replies: [RedisValue] = [
        .status("OK"),
        .integer(-42),
        .bulk(Array("a\r\nb".utf8)),
        .bulk([]),
        .null,
        .null,
        .array([]),
        .error(RedisServerError(code: "ERR", message: "unknown command")),
        .error(RedisServerError(code: "FENCED", message: "")),
        .array([
            .integer(1),
            .array([.bulk([120]), .error(RedisServerError(code: "WRONGTYPE", message: "not a list"))]),
            .null,
            .array([.array([.status("deep")])]),
        ]),
    ]

    private func read(_ pieces: [[UInt8]]) throws -> [RedisValue] {
        let reader = RESPReader()
        var values: [RedisValue] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try reader.read($0, appendingTo: &values) }
        }
        return values
    }

    @Test("a stream cut in two at any byte yields the same replies")
    func splitAtEachOffset() throws {
        for offset in 0...Self.stream.count {
            let pieces = [Array(Self.stream[..<offset]), Array(Self.stream[offset...])]
            #expect(try read(pieces) == Self.replies, "cut at \(offset)")
        }
    }

    @Test("a stream that comes byte by byte yields the same replies")
    func byteByByte() throws {
        #expect(try read(Self.stream.map { [$0] }) == Self.replies)
    }

    @Test("a bulk string larger than any read is put together")
    func largeBulk() throws {
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let stream = Array("$\(body.count)\r\n".utf8) + body + Array("\r\n".utf8)
        let pieces = stride(from: 0, to: stream.count, by: 65_536).map {
            Array(stream[$0..<min($0 + 65_536, stream.count)])
        }
        #expect(try read(pieces) == [.bulk(body)])
    }

    @Test("bytes that are not UTF-8 stay as they are")
    func binary() throws {
        let values = try read([Array("$2\r\n".utf8) + [0xff, 0x00] + Array("\r\n".utf8)])
        #expect(values == [.bulk([0xff, 0x00])])
        #expect(values.first?.string == nil)
    }

    @Test(
        "what is not RESP2 is a protocol violation",
        arguments: ["HTTP/1.1 400 Bad Request\r\n", ":12x\r\n", "$x\r\n", "*1\r\n%1\r\n"]
    )
    func violation(text: String) {
        let error = #expect(throws: RedisError.self) { try read([Array(text.utf8)]) }
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.isEmpty == false)
    }

    @Test("replies before a violation are kept")
    func repliesBeforeViolation() {
        let reader = RESPReader()
        var values: [RedisValue] = []
        #expect(throws: RedisError.self) {
            try Array("+OK\r\n?\r\n".utf8).withUnsafeBytes { try reader.read($0, appendingTo: &values) }
        }
        #expect(values == [.status("OK")])
    }
}
