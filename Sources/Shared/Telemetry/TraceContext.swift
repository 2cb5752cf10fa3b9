/// A place among the traces of all services, as the header `traceparent` says it: https://www.w3.org/TR/trace-context/.
/// Tasker records no spans; it passes traces on.
public struct TraceContext: Hashable, Sendable, CustomStringConvertible {
    /// The header's name, also that of a Celery message.
    public static let header = "traceparent"

    /// 16 bytes in lower case hexadecimal, not all zero: what belongs together has the same.
    public let traceID: String
    /// 8 bytes in lower case hexadecimal, not all zero: the step that asks.
    public let spanID: String
    /// Whether the caller may have recorded the trace.
    public let isSampled: Bool

    /// Reads a header; nil for one that is not well-formed.
    ///
    /// Later versions than 00 may have more fields, behind those that are known; the version ff never comes to be.
    public init?(_ traceparent: String) {
        let text = traceparent.utf8
        let fields = text.split(separator: UInt8(ascii: "-"), maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[..<4].allSatisfy({ $0.allSatisfy(Self.isDigit) }),
            fields[..<4].map(\.count) == [2, 32, 16, 2],
            let version = Self.number(fields[0]), version != 0xff, version != 0 || fields.count == 4,
            Self.isSet(fields[1]), Self.isSet(fields[2]),
            let flags = Self.number(fields[3])
        else { return nil }
        traceID = String(decoding: fields[1], as: UTF8.self)
        spanID = String(decoding: fields[2], as: UTF8.self)
        isSampled = flags & 1 == 1
    }

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// The beginning of a trace.
    public static func root() -> TraceContext {
        TraceContext(traceID: randomHalf() + randomHalf(), spanID: randomHalf(), isSampled: false)
    }

    /// The next step of the same trace.
    public func child() -> TraceContext {
        TraceContext(traceID: traceID, spanID: Self.randomHalf(), isSampled: isSampled)
    }

    /// The header's value, in version 00.
    public var description: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private static func isSet(_ field: Substring.UTF8View) -> Bool {
        field.contains { $0 != UInt8(ascii: "0") }
    }

    private static func number(_ field: Substring.UTF8View) -> UInt8? {
        UInt8(Substring(field), radix: 16)
    }

    /// 8 bytes, not all zero.
    private static func randomHalf() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
