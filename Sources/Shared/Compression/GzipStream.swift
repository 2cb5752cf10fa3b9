import CZlib

/// Compresses to gzip (RFC 1952) piece by piece, in memory that does not grow with the stream.
///
/// Owns zlib's state, which points back at the stream's record: that stays at one place until `deinit` frees both. Not for
/// use from two tasks at once.
public final class GzipStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 16)

    /// Begins a stream. Level 1: what reports repeat, the fastest level finds as well.
    public init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let gzip: Int32 = 16
        let status = deflateInit2_(
            stream,
            Z_BEST_SPEED,
            Z_DEFLATED,
            gzip + MAX_WBITS,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        // The arguments are constants, which leaves no other failure than memory, and that Swift does not survive either.
        precondition(status == Z_OK, "zlib cannot begin a stream: \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Takes bytes in, and appends to `result` what has come out by now, which may be nothing.
    public func compress(_ bytes: [UInt8], into result: inout [UInt8]) {
        deflate(bytes, Z_NO_FLUSH, into: &result)
    }

    /// Appends the rest and the trailer. Nothing may be compressed afterwards.
    public func finish(into result: inout [UInt8]) {
        deflate([], Z_FINISH, into: &result)
    }

    private func deflate(_ bytes: [UInt8], _ flush: Int32, into result: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { input in
            // zlib reads through this pointer only, and only in the calls below.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let made = output.withUnsafeMutableBufferPointer { buffer in
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    let status = CZlib.deflate(stream, flush)
                    precondition(status != Z_STREAM_ERROR, "the stream has ended")
                    return buffer.count - Int(stream.pointee.avail_out)
                }
                result.append(contentsOf: output[..<made])
            } while stream.pointee.avail_out == 0
        }
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
    }
}
