/// How many streams of events an API replica has.
public struct EventSettings: Hashable, Sendable {
    /// Streams at a time.
    public var streams: Int
    /// Of those, with one token.
    public var streamsPerToken: Int

    init(_ read: inout SettingsReader) {
        streams = read(Self.streams)
        streamsPerToken = read(Self.streamsPerToken)
    }

    static let streams = Setting(
        "event_streams",
        .integer(1...1_000_000),
        standard: 2_000,
        "Most streams of events that a replica has at a time; each is one of max_connections."
    )
    static let streamsPerToken = Setting(
        "event_streams_per_token",
        .integer(1...1_000_000),
        standard: 100,
        "Most streams of events that a replica has with one token."
    )

    static let entries = [streams.entry(.api), streamsPerToken.entry(.api)]
}
