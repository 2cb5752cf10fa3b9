/// The place of an entry in a stream of Redis: the time of its writing by Redis' clock, and a number among those of that
/// time.
public struct StreamPosition: Hashable, Comparable, Sendable, LosslessStringConvertible {
    /// Unix time in milliseconds.
    public let milliseconds: UInt64
    /// The number.
    public let number: UInt64

    /// A place.
    public init(milliseconds: UInt64, number: UInt64) {
        self.milliseconds = milliseconds
        self.number = number
    }

    /// Reads what `description` writes; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let milliseconds = UInt64(parts[0]), let number = UInt64(parts[1]) else { return nil }
        self.init(milliseconds: milliseconds, number: number)
    }

    /// As Redis writes it: `1795418321123-0`.
    public var description: String { "\(milliseconds)-\(number)" }

    /// Whether a place comes before another one.
    public static func < (left: StreamPosition, right: StreamPosition) -> Bool {
        (left.milliseconds, left.number) < (right.milliseconds, right.number)
    }

    /// Before the first place that a stream can have.
    public static let beforeAll = StreamPosition(milliseconds: 0, number: 0)

    /// The last place that a stream can have.
    static let last = StreamPosition(milliseconds: .max, number: .max)

    /// The place before; nil for the first.
    var predecessor: StreamPosition? {
        if number > 0 { return StreamPosition(milliseconds: milliseconds, number: number - 1) }
        return milliseconds > 0 ? StreamPosition(milliseconds: milliseconds - 1, number: .max) : nil
    }
}
