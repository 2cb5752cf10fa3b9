@testable import RedisClient

/// A stream says the same however it is cut. The first byte says how; the rest is the stream.
func fuzzRESP(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let stream = bytes.dropFirst()
    guard !announcesLargeArray(stream) else { return }
    let whole = replies(to: [stream[...]])
    precondition(replies(to: pieces(of: stream, seed: first)) == whole, "replies that depend on how the stream is cut")

    for text in whole.values.lazy.compactMap(\.string) {
        _ = RedisServerError(line: text)
    }
}

/// Whether some array is to have 10,000 elements or more. hiredis makes room for as many as are announced, up to
/// gigabytes, and has no limit to set; Tasker trusts its Redis that far.
private func announcesLargeArray(_ stream: ArraySlice<UInt8>) -> Bool {
    stream.split(separator: UInt8(ascii: "*")).contains { $0.prefix { "+0123456789".utf8.contains($0) }.count > 4 }
}

private struct Replies: Equatable {
    var values: [RedisValue] = []
    var isBroken = false
}

private func replies(to pieces: [ArraySlice<UInt8>]) -> Replies {
    let reader = RESPReader()
    var replies = Replies()
    do {
        for piece in pieces {
            try piece.withUnsafeBytes { try reader.read($0, appendingTo: &replies.values) }
        }
    } catch {
        replies.isBroken = true
    }
    return replies
}

/// Cuts the stream into pieces of 1 to 16 bytes, by a small congruential generator.
private func pieces(of stream: ArraySlice<UInt8>, seed: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var rest = stream
    var state = seed
    while !rest.isEmpty {
        state = state &* 141 &+ 3
        pieces.append(rest.prefix(Int(state >> 4) + 1))
        rest = rest.dropFirst(Int(state >> 4) + 1)
    }
    return pieces
}
