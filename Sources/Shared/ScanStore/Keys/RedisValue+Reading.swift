import Foundation
import RedisClient

/// How replies are read: what is missing is nil, what has another type is nil too.
extension RedisValue {
    var text: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    var bytes: [UInt8]? {
        guard case .bulk(let bytes) = self else { return nil }
        return bytes
    }

    var number: Int? {
        switch self {
        case .integer(let number): Int(number)
        case .bulk(let bytes): Int(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    var items: [RedisValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    /// The reply to HGETALL.
    var fields: [String: RedisValue] {
        let items = items
        var fields: [String: RedisValue] = [:]
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            if let name = items[index].text { fields[name] = items[index + 1] }
        }
        return fields
    }
}

extension [String: RedisValue] {
    func decode<Stored: Decodable>(_ type: Stored.Type, _ name: String) throws(StoreError) -> Stored {
        guard let bytes = self[name]?.bytes else { throw StoreError(.corrupt, "no field \(name)") }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw StoreError(.corrupt, "field \(name): \(error)")
        }
    }
}

/// JSON as it is stored: keys sorted, so equal values give equal bytes.
func storedJSON(_ value: some Encodable) throws(StoreError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return Array(try encoder.encode(value))
    } catch {
        throw StoreError(.corrupt, "cannot encode: \(error)")
    }
}
