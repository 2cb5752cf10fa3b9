/// The rule for names that arrive in messages and end up in logs, keys and answers.
enum WorkerName {
    static let maximumLength = 255

    /// Gives the name back; throws for an empty or very long one, and for one with control characters.
    static func check(_ name: String) throws(CeleryDecodingError) -> String {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        guard !name.isEmpty, name.utf8.count <= maximumLength, isPrintable else {
            throw CeleryDecodingError(.malformed, "a name that is empty, too long or not printable")
        }
        return name
    }
}
