import CZlib

/// zlib streams (RFC 1950) of values that are held in memory as a whole: names and refusals of a plan, kept in Redis.
public enum Deflate {
    /// Compresses bytes. Level 1: names repeat in suffixes, which the fastest level finds as well.
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let status = bytes.withUnsafeBufferPointer { source in
                compress2(buffer.baseAddress, &size, source.baseAddress, uLong(source.count), 1)
            }
            // The bound leaves no other failure than memory, which Swift does not survive either.
            precondition(status == Z_OK, "zlib cannot compress: \(status)")
            count = Int(size)
        }
        return compressed
    }

    /// What `compress` was given.
    ///
    /// - Parameter limit: the most bytes that may come out; a stream that holds more is refused without being held.
    public static func decompress(_ bytes: [UInt8], atMost limit: Int) throws(DeflateError) -> [UInt8] {
        var capacity = min(limit, max(1_024, bytes.count * 8))
        while true {
            var size = uLongf(capacity)
            var status = Z_OK
            let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                status = bytes.withUnsafeBufferPointer { source in
                    uncompress(buffer.baseAddress, &size, source.baseAddress, uLong(source.count))
                }
                count = status == Z_OK ? Int(size) : 0
            }
            switch status {
            case Z_OK: return result
            case Z_BUF_ERROR where capacity < limit: capacity = min(limit, capacity * 4)
            case Z_BUF_ERROR: throw .tooLarge
            default: throw .damaged
            }
        }
    }
}

/// Why a stream cannot be read.
public enum DeflateError: Error, Hashable, Sendable {
    /// It holds more than the caller takes.
    case tooLarge
    /// It is not a zlib stream, its end is missing, or its checksum does not fit.
    case damaged
}
