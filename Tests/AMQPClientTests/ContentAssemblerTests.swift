import AMQPMessages
import Testing

@testable import AMQPClient

@Suite("Assembling messages from frames")
struct ContentAssemblerTests {
    private static let method = ContentMethod.returned(code: 312, text: "", exchange: "", routingKey: "")
    private static let properties = AMQPProperties(type: "t")

    private static func content(_ body: [UInt8]) -> InboundContent {
        InboundContent(method: method, properties: properties, body: body)
    }

    private static func assembler() -> ContentAssembler {
        ContentAssembler(maximumBodyBytes: 3)
    }

    @Test("a message without a body is whole after its header")
    func emptyBody() throws {
        var assembler = Self.assembler()
        try assembler.begin(Self.method)

        #expect(try assembler.header(bodySize: 0, Self.properties) == Self.content([]))
    }

    @Test("a body is whole after its last frame, and the next message begins anew")
    func severalFrames() throws {
        var assembler = Self.assembler()
        for _ in 0..<2 {
            try assembler.begin(Self.method)
            #expect(try assembler.header(bodySize: 3, Self.properties) == nil)
            #expect(try assembler.body([1, 2]) == nil)
            #expect(try assembler.body([3]) == Self.content([1, 2, 3]))
        }
    }

    @Test("a body above the limit is discarded to its end, and the next message is taken")
    func oversizedBody() throws {
        var assembler = Self.assembler()
        var oversized = Self.content([])
        oversized.isOversized = true
        try assembler.begin(Self.method)
        #expect(try assembler.header(bodySize: 4, Self.properties) == nil)
        #expect(try assembler.body([1, 2, 3]) == nil)
        #expect(try assembler.body([4]) == oversized)

        try assembler.begin(Self.method)
        #expect(try assembler.header(bodySize: 3, Self.properties) == nil)
        #expect(try assembler.body([5, 6, 7]) == Self.content([5, 6, 7]))
    }

    @Test("frames out of place are violations of the protocol")
    func violations() throws {
        var idle = Self.assembler()
        #expect(throws: AMQPError.self) { try idle.header(bodySize: 1, Self.properties) }
        #expect(throws: AMQPError.self) { try idle.body([1]) }

        var begun = Self.assembler()
        try begun.begin(Self.method)
        #expect(throws: AMQPError.self) { try begun.begin(Self.method) }
        #expect(throws: AMQPError.self) { try begun.body([1]) }
        #expect(throws: AMQPError.self) { try begun.header(bodySize: .max, Self.properties) }

        var tooLong = Self.assembler()
        try tooLong.begin(Self.method)
        _ = try tooLong.header(bodySize: 1, Self.properties)
        #expect(throws: AMQPError.self) { try tooLong.header(bodySize: 1, Self.properties) }
        #expect(throws: AMQPError.self) { try tooLong.body([1, 2]) }
    }
}
