internal import CHiredis

/// Cuts a stream of bytes into replies with hiredis's reader.
///
/// Owns the reader and frees it. Confined to one event loop; arrays nest up to seven deep, as hiredis allows.
final class RESPReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        guard let reader = redisReaderCreate() else {
            preconditionFailure("out of memory")
        }
        self.reader = reader
    }

    deinit {
        redisReaderFree(reader)
    }

    /// Takes in bytes and appends every reply they complete.
    ///
    /// After a throw the stream is of no more use; replies completed before the fault have been appended.
    func read(_ bytes: UnsafeRawBufferPointer, appendingTo values: inout [RedisValue]) throws(RedisError) {
        guard let start = bytes.baseAddress else { return }
        guard redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK else {
            throw violation
        }
        while let value = try next() {
            values.append(value)
        }
    }

    private func next() throws(RedisError) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else {
            throw violation
        }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        return try Self.value(of: reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private static func value(of reply: redisReply) throws(RedisError) -> RedisValue {
        switch reply.type {
        case REDIS_REPLY_NIL:
            return .null
        case REDIS_REPLY_INTEGER:
            return .integer(reply.integer)
        case REDIS_REPLY_STRING:
            return .bulk(Array(text(of: reply)))
        case REDIS_REPLY_STATUS:
            return .status(String(decoding: text(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            return .error(RedisServerError(line: String(decoding: text(of: reply), as: UTF8.self)))
        case REDIS_REPLY_ARRAY:
            var elements: [RedisValue] = []
            elements.reserveCapacity(reply.elements)
            for element in UnsafeBufferPointer(start: reply.element, count: reply.elements) {
                guard let element else { continue }
                elements.append(try value(of: element.pointee))
            }
            return .array(elements)
        default:
            throw RedisError(code: .protocolViolation, message: "unknown reply type \(reply.type)")
        }
    }

    private static func text(of reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    }

    private var violation: RedisError {
        let message = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(code: .protocolViolation, message: message)
    }
}
