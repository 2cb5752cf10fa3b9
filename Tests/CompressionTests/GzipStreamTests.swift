import CZlib
import Compression
import Testing

@Suite("gzip streams")
struct GzipStreamTests {
    /// What zlib reads from a gzip stream; nil where it is not one, or not all of one.
    private func gunzip(_ bytes: [UInt8]) -> [UInt8]? {
        var bytes = bytes
        var result: [UInt8] = []
        return bytes.withUnsafeMutableBufferPointer { input in
            withUnsafeTemporaryAllocation(of: z_stream.self, capacity: 1) { memory -> Int32 in
                memory.initialize(repeating: z_stream())
                let stream = memory.baseAddress!
                let gzipOnly: Int32 = 16 + MAX_WBITS
                inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                defer { inflateEnd(stream) }
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                var status = Z_OK
                var output = [UInt8](repeating: 0, count: 1 << 16)
                while status == Z_OK {
                    output.withUnsafeMutableBufferPointer { buffer in
                        stream.pointee.next_out = buffer.baseAddress
                        stream.pointee.avail_out = UInt32(buffer.count)
                        status = inflate(stream, Z_NO_FLUSH)
                    }
                    result += output.prefix(output.count - Int(stream.pointee.avail_out))
                }
                return stream.pointee.avail_in == 0 ? status : Z_DATA_ERROR
            } == Z_STREAM_END ? result : nil
        }
    }

    @Test("what is compressed in pieces comes back as one", arguments: [0, 1, 3, 1_000, 65_536, 1_000_000])
    func roundTrip(size: Int) {
        var noise: UInt64 = 0x2545_f491_4f6c_dd1d
        let bytes = (0..<size).map { index -> UInt8 in
            noise ^= noise << 13
            noise ^= noise >> 7
            noise ^= noise << 17
            return index % 3 == 0 ? UInt8(truncatingIfNeeded: noise) : UInt8(truncatingIfNeeded: index / 50)
        }
        let stream = GzipStream()
        var compressed: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 40_000) {
            stream.compress(Array(bytes[start..<min(start + 40_000, bytes.count)]), into: &compressed)
            stream.compress([], into: &compressed)
        }
        stream.finish(into: &compressed)
        #expect(gunzip(compressed) == bytes)
    }

    @Test("what cannot be made smaller comes back too, though more comes out than zlib is given room for at once")
    func noise() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<400_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let stream = GzipStream()
        var compressed: [UInt8] = []
        stream.compress(bytes, into: &compressed)
        stream.finish(into: &compressed)
        #expect(compressed.count > bytes.count)
        #expect(gunzip(compressed) == bytes)
    }

    @Test("a stream that is not finished is not taken for a whole one, and what it holds is given back")
    func abandoned() {
        for _ in 0..<100 {
            let stream = GzipStream()
            var compressed: [UInt8] = []
            stream.compress([UInt8](repeating: 7, count: 100_000), into: &compressed)
            #expect(gunzip(compressed) == nil)
        }
    }
}
