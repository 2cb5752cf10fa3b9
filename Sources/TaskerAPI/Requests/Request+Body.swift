import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// - Throws: 413 where it is longer than allowed; where the caller says so in advance, before any of it is read.
    func body(upTo limit: Int) async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw APIError.tooLarge(bytes: length, limit: limit)
        }
        do {
            return Array(try await body.collect(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(limit: limit)
        }
    }
}

extension JSONValue {
    /// Reads a body that is JSON.
    ///
    /// - Throws: a 422 that names the byte at fault.
    init(body: [UInt8], maximumValues: Int) throws(APIError) {
        do {
            self = try JSONReader.read(body, maximumValues: maximumValues)
        } catch {
            let message = "JSON decode error: \(error.message)"
            throw .invalid([ValidationIssue("json_invalid", at: ["body", .index(error.offset)], message)])
        }
    }
}
