import AMQPMessages
import CRabbitMQ

/// Turns the C library's values into Swift's, copying everything.
enum FieldDecoder {
    /// Tables and arrays nested deeper than this are read as `null`, so that no message can exhaust the stack.
    static let maximumDepth = 32

    static func text(_ bytes: amqp_bytes_t) -> String {
        String(decoding: buffer(bytes), as: UTF8.self)
    }

    static func bytes(_ bytes: amqp_bytes_t) -> [UInt8] {
        [UInt8](buffer(bytes))
    }

    static func table(_ table: amqp_table_t, depth: Int = 0) -> AMQPTable {
        let entries = UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
        return AMQPTable(entries.map { .init(name: text($0.key), value: value($0.value, depth: depth)) })
    }

    static func properties(_ decoded: amqp_basic_properties_t) -> AMQPProperties {
        func present<Value>(_ flag: Int32, _ value: Value) -> Value? {
            decoded._flags & amqp_flags_t(flag) != 0 ? value : nil
        }
        return AMQPProperties(
            contentType: present(AMQP_BASIC_CONTENT_TYPE_FLAG, decoded.content_type).map(text),
            contentEncoding: present(AMQP_BASIC_CONTENT_ENCODING_FLAG, decoded.content_encoding).map(text),
            headers: present(AMQP_BASIC_HEADERS_FLAG, decoded.headers).map { table($0) },
            deliveryMode: present(AMQP_BASIC_DELIVERY_MODE_FLAG, decoded.delivery_mode)
                .flatMap(AMQPProperties.DeliveryMode.init),
            priority: present(AMQP_BASIC_PRIORITY_FLAG, decoded.priority),
            correlationID: present(AMQP_BASIC_CORRELATION_ID_FLAG, decoded.correlation_id).map(text),
            replyTo: present(AMQP_BASIC_REPLY_TO_FLAG, decoded.reply_to).map(text),
            expiration: present(AMQP_BASIC_EXPIRATION_FLAG, decoded.expiration).map(text),
            messageID: present(AMQP_BASIC_MESSAGE_ID_FLAG, decoded.message_id).map(text),
            timestamp: present(AMQP_BASIC_TIMESTAMP_FLAG, decoded.timestamp),
            type: present(AMQP_BASIC_TYPE_FLAG, decoded.type).map(text),
            userID: present(AMQP_BASIC_USER_ID_FLAG, decoded.user_id).map(text),
            appID: present(AMQP_BASIC_APP_ID_FLAG, decoded.app_id).map(text)
        )
    }

    private static func value(_ field: amqp_field_value_t, depth: Int) -> AMQPValue {
        let value = field.value
        switch amqp_field_value_kind_t(UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: return .bool(value.boolean != 0)
        case AMQP_FIELD_KIND_I8: return .int(Int64(value.i8))
        case AMQP_FIELD_KIND_U8: return .int(Int64(value.u8))
        case AMQP_FIELD_KIND_I16: return .int(Int64(value.i16))
        case AMQP_FIELD_KIND_U16: return .int(Int64(value.u16))
        case AMQP_FIELD_KIND_I32: return .int(Int64(value.i32))
        case AMQP_FIELD_KIND_U32: return .int(Int64(value.u32))
        case AMQP_FIELD_KIND_I64: return .int(value.i64)
        case AMQP_FIELD_KIND_U64: return Int64(exactly: value.u64).map(AMQPValue.int) ?? .double(Double(value.u64))
        case AMQP_FIELD_KIND_F32: return .double(Double(value.f32))
        case AMQP_FIELD_KIND_F64: return .double(value.f64)
        case AMQP_FIELD_KIND_DECIMAL: return .double(decimal(value.decimal))
        case AMQP_FIELD_KIND_UTF8: return string(value.bytes)
        case AMQP_FIELD_KIND_BYTES: return .bytes(bytes(value.bytes))
        case AMQP_FIELD_KIND_TIMESTAMP: return .timestamp(value.u64)
        case AMQP_FIELD_KIND_ARRAY where depth < maximumDepth: return .array(array(value.array, depth: depth + 1))
        case AMQP_FIELD_KIND_TABLE where depth < maximumDepth: return .table(table(value.table, depth: depth + 1))
        default: return .null
        }
    }

    private static func array(_ array: amqp_array_t, depth: Int) -> [AMQPValue] {
        UnsafeBufferPointer(start: array.entries, count: Int(array.num_entries)).map { value($0, depth: depth) }
    }

    private static func string(_ bytes: amqp_bytes_t) -> AMQPValue {
        String(validating: buffer(bytes), as: UTF8.self).map(AMQPValue.string) ?? .bytes(self.bytes(bytes))
    }

    private static func decimal(_ decimal: amqp_decimal_t) -> Double {
        var value = Double(decimal.value)
        for _ in 0..<decimal.decimals { value /= 10 }
        return value
    }

    private static func buffer(_ bytes: amqp_bytes_t) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.bytes == nil ? 0 : bytes.len)
    }
}
