import AMQPMessages
import Foundation

/// A message captured from a running broker, from the folder `Fixtures`.
struct Capture: Decodable {
    let exchange: String
    let routingKey: String
    let properties: AMQPProperties
    let json: JSON

    /// The body as bytes on the wire.
    var body: [UInt8] { Array(json.text.utf8) }

    init(_ name: String) throws {
        let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
        self = try JSONDecoder().decode(Capture.self, from: Data(contentsOf: folder.appending(path: "\(name).json")))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        exchange = try container.decode(String.self, forKey: .exchange)
        routingKey = try container.decode(String.self, forKey: .routingKey)
        json = try container.decode(JSON.self, forKey: .body)
        let captured = try container.decode([String: JSON].self, forKey: .properties)
        properties = AMQPProperties(
            contentType: captured["content_type"]?.value.stringValue,
            contentEncoding: captured["content_encoding"]?.value.stringValue,
            headers: captured["application_headers"]?.value.tableValue,
            deliveryMode: captured["delivery_mode"]?.value.intValue
                .flatMap { AMQPProperties.DeliveryMode(rawValue: UInt8($0)) },
            priority: captured["priority"]?.value.intValue.map { UInt8($0) },
            correlationID: captured["correlation_id"]?.value.stringValue,
            replyTo: captured["reply_to"]?.value.stringValue
        )
    }

    private enum Key: String, CodingKey {
        case exchange, properties, body
        case routingKey = "routing_key"
    }
}

/// Any JSON value, comparable whatever the order of members.
indirect enum JSON: Hashable, Decodable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
            if container.decodeNil() {
                .null
            } else if let value = try? container.decode(Bool.self) {
                .bool(value)
            } else if let value = try? container.decode(Int64.self) {
                .int(value)
            } else if let value = try? container.decode(Double.self) {
                .double(value)
            } else if let value = try? container.decode(String.self) {
                .string(value)
            } else if let value = try? container.decode([JSON].self) {
                .array(value)
            } else {
                .object(try container.decode([String: JSON].self))
            }
    }

    subscript(name: String) -> JSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The value as an AMQP header holds it.
    var value: AMQPValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .array(let values): .array(values.map(\.value))
        case .object(let members):
            .table(AMQPTable(members.map { AMQPTable.Field(name: $0.key, value: $0.value.value) }))
        }
    }

    /// The value as JSON text.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): Self.quote(value)
        case .array(let values): "[\(values.map(\.text).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(Self.quote($0.key)): \($0.value.text)" }.joined(separator: ", "))}"
        }
    }

    private static func quote(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}

extension AMQPTable {
    /// The fields by name, to compare tables whatever their order.
    var byName: [String: AMQPValue] {
        Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
}

extension AMQPProperties {
    /// The properties of a JSON message without headers.
    static let json = AMQPProperties(contentType: "application/json", contentEncoding: "utf-8")
}
