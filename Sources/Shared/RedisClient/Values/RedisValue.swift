/// A reply in RESP2.
public enum RedisValue: Hashable, Sendable {
    /// A nil bulk string or nil array.
    case null
    /// An integer.
    case integer(Int64)
    /// A bulk string.
    case bulk([UInt8])
    /// A simple string, such as `OK`.
    case status(String)
    /// An array, whose elements may be errors.
    case array([RedisValue])
    /// An error line.
    case error(RedisServerError)
}

extension RedisValue {
    /// Whether the reply is nil.
    public var isNull: Bool {
        self == .null
    }

    /// The bytes of a bulk string.
    public var bytes: [UInt8]? {
        guard case .bulk(let bytes) = self else { return nil }
        return bytes
    }

    /// The text of a bulk or simple string; nil where the bytes are not UTF-8.
    public var string: String? {
        switch self {
        case .bulk(let bytes): String(validating: bytes, as: UTF8.self)
        case .status(let text): text
        case .null, .integer, .array, .error: nil
        }
    }

    /// The number of an integer reply, or of a string that holds one in decimal.
    public var int: Int? {
        switch self {
        case .integer(let number): Int(exactly: number)
        case .bulk, .status: string.flatMap { Int($0) }
        case .null, .array, .error: nil
        }
    }

    /// The elements of an array.
    public var array: [RedisValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The error, where the reply is one.
    public var error: RedisServerError? {
        guard case .error(let error) = self else { return nil }
        return error
    }
}
