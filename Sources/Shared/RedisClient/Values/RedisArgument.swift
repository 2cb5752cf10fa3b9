/// One argument of a command: text or bytes, sent as a RESP bulk string.
public enum RedisArgument: Hashable, Sendable {
    /// Text, sent as UTF-8.
    case string(String)
    /// Bytes, sent as they are.
    case bytes([UInt8])

    /// A number in decimal.
    public static func int(_ value: some BinaryInteger) -> RedisArgument {
        .string(String(value))
    }

    /// How many bytes the argument takes on the wire, without its RESP frame.
    var byteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}

extension RedisArgument: ExpressibleByStringInterpolation {
    /// Makes a text argument.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    /// Makes a number in decimal.
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }
}
