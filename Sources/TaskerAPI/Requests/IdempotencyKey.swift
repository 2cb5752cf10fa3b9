import HTTPTypes

/// A caller's own name for a request, under which it may be sent again without being carried out twice
/// (draft-ietf-httpapi-idempotency-key-header). It may tell something about the caller and is not logged.
struct IdempotencyKey: Hashable, Sendable {
    static let lengthBounds = 1...255

    let text: String

    /// Reads the header; nil where there is none.
    ///
    /// - Throws: 400 where it cannot be a key.
    init?(_ headers: HTTPFields) throws(APIError) {
        guard let text = headers[.idempotencyKey] else { return nil }
        guard Self.lengthBounds.contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            let message = "the header Idempotency-Key has to be 1 to 255 visible ASCII characters, without spaces"
            throw APIError(.badRequest, .text(message))
        }
        self.text = text
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}

extension Operation.Parameter {
    static let idempotencyKey = Operation.Parameter(
        name: HTTPField.Name.idempotencyKey.rawName,
        place: .header,
        schema: .string(pattern: "^[!-~]{1,255}$"),
        description:
            "Makes it safe to send the request again: the same request under the same key gets the scan accepted first."
    )
}
