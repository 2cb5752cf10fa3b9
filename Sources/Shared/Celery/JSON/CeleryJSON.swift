import AMQPMessages
import Foundation

/// Reading and writing of the JSON bodies of Celery messages.
enum CeleryJSON {
    static let contentType = "application/json"
    static let contentEncoding = "utf-8"

    /// Refuses a body that is not JSON by its properties (pickle, above all) or is longer than `limit` bytes.
    static func check(_ body: [UInt8], _ properties: AMQPProperties, limit: Int) throws(CeleryDecodingError) {
        guard properties.contentType == contentType else {
            throw CeleryDecodingError(.unsupportedContentType, "the content type is not \(contentType)")
        }
        guard body.count <= limit else {
            throw CeleryDecodingError(.tooLarge, "a body of \(body.count) bytes, more than \(limit)")
        }
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: some Sequence<UInt8>
    ) throws(CeleryDecodingError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as CeleryDecodingError {
            throw error
        } catch let error as DecodingError {
            throw CeleryDecodingError(.malformed, describe(error))
        } catch {
            throw CeleryDecodingError(.malformed, "the body is not JSON")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the field \"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context): "\(describe(context)) has another type"
        case .valueNotFound(_, let context): "\(describe(context)) is null"
        case .dataCorrupted(let context): "\(describe(context)) is not valid"
        @unknown default: "the body is not valid"
        }
    }

    private static func describe(_ context: DecodingError.Context) -> String {
        guard let key = context.codingPath.last else { return "the body" }
        return key.intValue.map { "element \($0)" } ?? "the field \"\(key.stringValue.prefix(64))\""
    }
}
