import Compression
import Testing

struct DeflateTests {
    @Test("what is compressed comes back", arguments: [0, 1, 100, 5_000, 300_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7 &* 31) }
        let back = try Deflate.decompress(Deflate.compress(bytes), atMost: max(count, 1))
        #expect(back == bytes)
    }

    @Test("names take a fraction of their size")
    func names() {
        let names = (0..<10_000).map { "host-\($0).internal.example.com" }.joined(separator: "\n")
        #expect(Deflate.compress(Array(names.utf8)).count * 4 < names.utf8.count)
    }

    @Test("a stream that holds more than the limit is refused")
    func tooLarge() {
        let bomb = Deflate.compress([UInt8](repeating: 0, count: 1 << 20))
        #expect(throws: DeflateError.tooLarge) { try Deflate.decompress(bomb, atMost: (1 << 20) - 1) }
    }

    @Test("what is damaged or cut off is refused")
    func damaged() {
        var bytes = Deflate.compress(Array("some text, some text, some text".utf8))
        #expect(throws: DeflateError.damaged) {
            try Deflate.decompress(Array(bytes.dropLast(3)), atMost: 4_096)
        }
        bytes[bytes.count - 1] ^= 0xFF
        #expect(throws: DeflateError.damaged) { try Deflate.decompress(bytes, atMost: 4_096) }
        #expect(throws: DeflateError.damaged) { try Deflate.decompress([1, 2, 3], atMost: 4_096) }
    }
}
