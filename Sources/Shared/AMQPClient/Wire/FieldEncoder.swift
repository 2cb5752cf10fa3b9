import AMQPMessages
import CRabbitMQ

/// Turns Swift values into the C library's, in memory that lives until the next ``recycle()``.
///
/// Owned and used by one thread, like the connection whose methods it encodes.
final class FieldEncoder {
    private let pool: UnsafeMutablePointer<amqp_pool_t>

    init() {
        pool = .allocate(capacity: 1)
        init_amqp_pool(pool, 65_536)
    }

    deinit {
        empty_amqp_pool(pool)
        pool.deallocate()
    }

    /// Gives back the memory of everything encoded so far.
    func recycle() {
        recycle_amqp_pool(pool)
    }

    func encode(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { encode(UnsafeRawBufferPointer($0)) }
    }

    func encode(_ table: AMQPTable) -> amqp_table_t {
        let entries = allocate(amqp_table_entry_t.self, count: table.count)
        for (index, field) in table.enumerated() {
            entries[index] = amqp_table_entry_t(key: encode(field.name), value: encode(field.value))
        }
        return amqp_table_t(num_entries: Int32(table.count), entries: entries.baseAddress)
    }

    func encode(_ properties: AMQPProperties) -> amqp_basic_properties_t {
        var encoded = amqp_basic_properties_t()
        func set<Value>(
            _ field: WritableKeyPath<amqp_basic_properties_t, Value>,
            _ value: Value?,
            _ flag: Int32
        ) {
            guard let value else { return }
            encoded[keyPath: field] = value
            encoded._flags |= amqp_flags_t(flag)
        }
        set(\.content_type, properties.contentType.map(encode), AMQP_BASIC_CONTENT_TYPE_FLAG)
        set(\.content_encoding, properties.contentEncoding.map(encode), AMQP_BASIC_CONTENT_ENCODING_FLAG)
        set(\.headers, properties.headers.map(encode), AMQP_BASIC_HEADERS_FLAG)
        set(\.delivery_mode, properties.deliveryMode?.rawValue, AMQP_BASIC_DELIVERY_MODE_FLAG)
        set(\.priority, properties.priority, AMQP_BASIC_PRIORITY_FLAG)
        set(\.correlation_id, properties.correlationID.map(encode), AMQP_BASIC_CORRELATION_ID_FLAG)
        set(\.reply_to, properties.replyTo.map(encode), AMQP_BASIC_REPLY_TO_FLAG)
        set(\.expiration, properties.expiration.map(encode), AMQP_BASIC_EXPIRATION_FLAG)
        set(\.message_id, properties.messageID.map(encode), AMQP_BASIC_MESSAGE_ID_FLAG)
        set(\.timestamp, properties.timestamp, AMQP_BASIC_TIMESTAMP_FLAG)
        set(\.type, properties.type.map(encode), AMQP_BASIC_TYPE_FLAG)
        set(\.user_id, properties.userID.map(encode), AMQP_BASIC_USER_ID_FLAG)
        set(\.app_id, properties.appID.map(encode), AMQP_BASIC_APP_ID_FLAG)
        return encoded
    }

    private func encode(_ value: AMQPValue) -> amqp_field_value_t {
        var encoded = amqp_field_value_t()
        func set(_ kind: amqp_field_value_kind_t) {
            encoded.kind = UInt8(kind.rawValue)
        }
        switch value {
        case .null:
            set(AMQP_FIELD_KIND_VOID)
        case .bool(let value):
            set(AMQP_FIELD_KIND_BOOLEAN)
            encoded.value.boolean = value ? 1 : 0
        case .int(let value):
            set(AMQP_FIELD_KIND_I64)
            encoded.value.i64 = value
        case .double(let value):
            set(AMQP_FIELD_KIND_F64)
            encoded.value.f64 = value
        case .string(let value):
            set(AMQP_FIELD_KIND_UTF8)
            encoded.value.bytes = encode(value)
        case .bytes(let value):
            set(AMQP_FIELD_KIND_BYTES)
            encoded.value.bytes = value.withUnsafeBytes(encode)
        case .array(let value):
            set(AMQP_FIELD_KIND_ARRAY)
            encoded.value.array = encode(value)
        case .table(let value):
            set(AMQP_FIELD_KIND_TABLE)
            encoded.value.table = encode(value)
        case .timestamp(let value):
            set(AMQP_FIELD_KIND_TIMESTAMP)
            encoded.value.u64 = value
        }
        return encoded
    }

    private func encode(_ array: [AMQPValue]) -> amqp_array_t {
        let entries = allocate(amqp_field_value_t.self, count: array.count)
        for (index, value) in array.enumerated() {
            entries[index] = encode(value)
        }
        return amqp_array_t(num_entries: Int32(array.count), entries: entries.baseAddress)
    }

    private func encode(_ bytes: UnsafeRawBufferPointer) -> amqp_bytes_t {
        let copy = allocate(UInt8.self, count: bytes.count)
        UnsafeMutableRawBufferPointer(copy).copyMemory(from: bytes)
        return amqp_bytes_t(len: bytes.count, bytes: copy.baseAddress)
    }

    private func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutableBufferPointer<Element> {
        guard count > 0 else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
        guard let memory = amqp_pool_alloc(pool, count * MemoryLayout<Element>.stride) else {
            fatalError("out of memory")
        }
        return UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: type), count: count)
    }
}
