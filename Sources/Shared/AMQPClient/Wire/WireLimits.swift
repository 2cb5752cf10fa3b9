import AMQPMessages

/// The protocol's limits, checked before anything is written.
///
/// The C library notices a violation only when a part of the message is on its way, and the connection is then lost.
enum WireLimits {
    /// A short string's length is one byte.
    static let shortString = 255
    /// Tables nested deeper are refused, as they would be on reading.
    static let depth = FieldDecoder.maximumDepth

    /// Why a message cannot be sent over a connection with this frame size, or `nil` when it can.
    static func problem(with message: AMQPMessage, frameSize: Int) -> String? {
        let properties = message.properties
        let shortStrings = [
            message.exchange, message.routingKey, properties.contentType, properties.contentEncoding,
            properties.correlationID, properties.replyTo, properties.expiration, properties.messageID,
            properties.type, properties.userID, properties.appID,
        ]
        var size = frameOverhead
        for case let text? in shortStrings {
            guard text.utf8.count <= shortString else { return "\"\(text.prefix(40))...\" is longer than 255 bytes" }
            size += 1 + text.utf8.count
        }
        guard let headers = encodedSize(of: properties.headers ?? [:], depth: 0) else {
            return "a header's name is longer than 255 bytes, or headers are nested deeper than \(depth)"
        }
        size += headers
        return size <= frameSize ? nil : "properties of \(size) bytes do not fit a frame of \(frameSize)"
    }

    /// Why names and arguments cannot be part of a request, or `nil` when they can.
    static func problem(names: [String], arguments: AMQPTable = [:]) -> String? {
        guard names.allSatisfy({ $0.utf8.count <= shortString }) else { return "a name is longer than 255 bytes" }
        guard let size = encodedSize(of: arguments, depth: 0) else {
            return "an argument's name is longer than 255 bytes, or arguments are nested deeper than \(depth)"
        }
        let total = frameOverhead + size + names.reduce(0) { $0 + 1 + $1.utf8.count }
        return total <= smallestFrame ? nil : "\(total) bytes of names and arguments do not fit a frame"
    }

    /// The frame size that every broker accepts.
    private static let smallestFrame = 4_096

    /// Frame header and end, and the fixed fields of any method or content header.
    private static let frameOverhead = 64

    /// Bytes of a table on the wire, or `nil` where it cannot be written.
    private static func encodedSize(of table: AMQPTable, depth: Int) -> Int? {
        var size = 4
        for field in table {
            guard field.name.utf8.count <= shortString, let value = encodedSize(of: field.value, depth: depth) else {
                return nil
            }
            size += 1 + field.name.utf8.count + value
        }
        return size
    }

    private static func encodedSize(of value: AMQPValue, depth: Int) -> Int? {
        switch value {
        case .null: return 1
        case .bool: return 2
        case .int, .double, .timestamp: return 9
        case .string(let text): return 5 + text.utf8.count
        case .bytes(let bytes): return 5 + bytes.count
        case .table(let table):
            guard depth < self.depth else { return nil }
            return encodedSize(of: table, depth: depth + 1).map { 1 + $0 }
        case .array(let array):
            guard depth < self.depth else { return nil }
            var size = 5
            for element in array {
                guard let element = encodedSize(of: element, depth: depth + 1) else { return nil }
                size += element
            }
            return size
        }
    }
}
