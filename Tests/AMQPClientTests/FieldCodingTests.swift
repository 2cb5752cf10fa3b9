import AMQPMessages
import CRabbitMQ
import Testing

@testable import AMQPClient

@Suite("Field tables on the wire")
struct FieldCodingTests {
    /// Decodes the bytes of a table, without the four that hold its length.
    private static func decode(_ bytes: [UInt8]) throws -> AMQPTable {
        var pool = amqp_pool_t()
        init_amqp_pool(&pool, 4_096)
        defer { empty_amqp_pool(&pool) }
        var wire = length(bytes.count) + bytes
        var table = amqp_table_t()
        var offset = 0
        let status = wire.withUnsafeMutableBytes {
            amqp_decode_table(amqp_bytes_t(len: $0.count, bytes: $0.baseAddress), &pool, &table, &offset)
        }
        try #require(status == AMQP_STATUS_OK.rawValue)
        return FieldDecoder.table(table)
    }

    /// The bytes of one field named "f".
    private static func field(_ kind: Character, _ value: [UInt8]) -> [UInt8] {
        [1, UInt8(ascii: "f"), kind.asciiValue ?? 0] + value
    }

    private static func length(_ count: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(count).bigEndian, Array.init)
    }

    @Test(
        "every type of value is read",
        arguments: [
            ("V", [], .null),
            ("t", [1], .bool(true)),
            ("t", [0], .bool(false)),
            ("b", [0xFF], .int(-1)),
            ("B", [0xFF], .int(255)),
            ("s", [0xFF, 0xFE], .int(-2)),
            ("u", [0xFF, 0xFE], .int(65_534)),
            ("I", [0x80, 0, 0, 0], .int(-2_147_483_648)),
            ("i", [0x80, 0, 0, 0], .int(2_147_483_648)),
            ("l", [0x80, 0, 0, 0, 0, 0, 0, 0], .int(.min)),
            ("L", [0x7F, 0, 0, 0, 0, 0, 0, 0], .int(0x7F00_0000_0000_0000)),
            ("L", [0x80, 0, 0, 0, 0, 0, 0, 0], .double(0x1p63)),
            ("f", [0x3F, 0xC0, 0, 0], .double(1.5)),
            ("d", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], .double(1.5)),
            ("D", [2, 0, 0, 0, 150], .double(1.5)),
            ("T", [0, 0, 0, 0, 0, 0, 1, 0], .timestamp(256)),
            ("S", [0, 0, 0, 2, 0x68, 0x69], .string("hi")),
            ("S", [0, 0, 0, 2, 0xC3, 0x28], .bytes([0xC3, 0x28])),
            ("x", [0, 0, 0, 1, 7], .bytes([7])),
            ("A", [0, 0, 0, 3, 0x74, 1, 0x56], .array([true, .null])),
            ("F", [0, 0, 0, 4, 1, 0x67, 0x74, 1], .table(["g": true])),
            ("F", [0, 0, 0, 0], .table([:])),
        ] as [(Character, [UInt8], AMQPValue)]
    )
    func decodes(kind: Character, bytes: [UInt8], value: AMQPValue) throws {
        #expect(try Self.decode(Self.field(kind, bytes)) == ["f": value])
    }

    @Test("what is written is read back, and is as long as it was said to be")
    func roundTrip() throws {
        let table: AMQPTable = [
            "null": nil, "bool": true, "int": -5, "double": 0.25, "text": "ü", "none": "", "bytes": .bytes([0, 1]),
            "time": .timestamp(9), "list": [1, ["x"], []], "table": ["inner": ["deep": nil]],
        ]
        let encoder = FieldEncoder()
        var encoded = encoder.encode(table)
        var wire = [UInt8](repeating: 0, count: 1_000)
        var size = 0
        let status = wire.withUnsafeMutableBytes {
            amqp_encode_table(amqp_bytes_t(len: $0.count, bytes: $0.baseAddress), &encoded, &size)
        }

        #expect(status == AMQP_STATUS_OK.rawValue)
        #expect(try Self.decode(Array(wire[4..<size])) == table)
        let message = AMQPMessage(exchange: "", routingKey: "", properties: AMQPProperties(headers: table), body: [])
        #expect(WireLimits.problem(with: message, frameSize: size + 66) == nil)
        #expect(WireLimits.problem(with: message, frameSize: size + 65) != nil)
    }

    @Test("nesting beyond the limit is read as null and refused on writing")
    func depth() throws {
        var bytes: [UInt8] = []
        var nested: AMQPValue = .null
        for _ in 0..<100 {
            bytes = [UInt8(ascii: "A")] + Self.length(bytes.count) + bytes
            nested = .array([nested])
        }
        let decoded = try Self.decode([1, UInt8(ascii: "f")] + bytes)

        var depth = 0
        var value = try #require(decoded["f"])
        while let inner = value.arrayValue?.first {
            value = inner
            depth += 1
        }
        #expect(value == .null)
        #expect(depth == FieldDecoder.maximumDepth)
        let message = AMQPMessage(exchange: "", routingKey: "", properties: .init(headers: ["f": nested]), body: [])
        #expect(WireLimits.problem(with: message, frameSize: 131_072) != nil)
    }

    @Test("names of 255 bytes can be written, longer ones cannot")
    func nameLength() {
        let longest = String(repeating: "n", count: 255)
        for (text, isSendable) in [(longest, true), (longest + "n", false)] {
            let messages = [
                AMQPMessage(exchange: text, routingKey: "", body: []),
                AMQPMessage(exchange: "", routingKey: text, body: []),
                AMQPMessage(exchange: "", routingKey: "", properties: .init(replyTo: text), body: []),
                AMQPMessage(exchange: "", routingKey: "", properties: .init(headers: [text: 1]), body: []),
            ]
            for message in messages {
                #expect((WireLimits.problem(with: message, frameSize: 4_096) == nil) == isSendable)
            }
            #expect((WireLimits.problem(names: [text]) == nil) == isSendable)
        }
    }
}
