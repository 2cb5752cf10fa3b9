import ScanStore

/// Server-sent events as they are written (HTML Living Standard, 9.2.5 and 9.2.6).
enum EventText {
    /// What stream and type their content is.
    static let contentType = "text/event-stream"
    /// How long a reader waits before it comes back.
    static let preamble = "retry: 2000\n\n"
    /// A line that readers skip.
    static let keepAlive = ":\n\n"

    private static let lineEnds: Set<Character> = ["\r", "\n", "\r\n"]

    /// An event.
    ///
    /// - Parameter id: what a reader that comes back names as the last that it had; nil where this one does not count.
    static func event(_ kind: String, _ data: String, id: StreamPosition? = nil) -> String {
        var text = id.map { "id: \($0)\n" } ?? ""
        text += "event: \(kind)\n"
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: lineEnds.contains) {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }
}
