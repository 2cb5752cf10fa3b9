/// A field value of an AMQP 0-9-1 table, as RabbitMQ and its clients use them.
///
/// The wire format has more numeric types than this. Reading widens them: every integer becomes ``int(_:)``, both
/// floating-point types become ``double(_:)``; an unsigned 64-bit integer beyond `Int64.max` and a decimal become the
/// nearest ``double(_:)``. Writing uses the 64-bit types, which RabbitMQ regards as equal to the narrower ones.
public indirect enum AMQPValue: Hashable, Sendable {
    /// No value.
    case null
    /// A truth value.
    case bool(Bool)
    /// An integer of any width.
    case int(Int64)
    /// A floating-point number of either width.
    case double(Double)
    /// Text. On reading, a long string that is valid UTF-8.
    case string(String)
    /// A byte array, or a long string that is not valid UTF-8.
    case bytes([UInt8])
    /// Values in order.
    case array([AMQPValue])
    /// A nested table.
    case table(AMQPTable)
    /// Seconds since 1970-01-01T00:00:00Z.
    case timestamp(UInt64)
}

extension AMQPValue {
    /// The text of a ``string(_:)``, otherwise `nil`.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number of an ``int(_:)``, otherwise `nil`.
    public var intValue: Int64? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The truth value of a ``bool(_:)``, otherwise `nil`.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an ``array(_:)``, otherwise `nil`.
    public var arrayValue: [AMQPValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The fields of a ``table(_:)``, otherwise `nil`.
    public var tableValue: AMQPTable? {
        if case .table(let value) = self { value } else { nil }
    }
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A ``string(_:)``.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension AMQPValue: ExpressibleByIntegerLiteral {
    /// An ``int(_:)``.
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }
}

extension AMQPValue: ExpressibleByBooleanLiteral {
    /// A ``bool(_:)``.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension AMQPValue: ExpressibleByFloatLiteral {
    /// A ``double(_:)``.
    public init(floatLiteral value: Double) {
        self = .double(value)
    }
}

extension AMQPValue: ExpressibleByArrayLiteral {
    /// An ``array(_:)``.
    public init(arrayLiteral elements: AMQPValue...) {
        self = .array(elements)
    }
}

extension AMQPValue: ExpressibleByDictionaryLiteral {
    /// A ``table(_:)``.
    public init(dictionaryLiteral elements: (String, AMQPValue)...) {
        self = .table(AMQPTable(elements.map { AMQPTable.Field(name: $0.0, value: $0.1) }))
    }
}

extension AMQPValue: ExpressibleByNilLiteral {
    /// A ``null``.
    public init(nilLiteral: ()) {
        self = .null
    }
}
