public import Foundation
import UUIDText

/// The id of one accepted run-nmap request: a UUIDv7 (RFC 9562, section 5.7), so ids sort by the time of acceptance.
public struct ScanID: Hashable, Sendable, Codable, Comparable, LosslessStringConvertible {
    /// The id as a UUID.
    public let uuid: UUID

    /// Wraps an id that was made before.
    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the text of a UUID in either case; nil for anything else.
    public init?(_ description: String) {
        guard let uuid = UUID(text: description) else { return nil }
        self.uuid = uuid
    }

    /// Makes a new id from the time and 74 random bits.
    ///
    /// - Parameter milliseconds: Unix time in milliseconds; the low 48 bits are used.
    public static func make(
        atMilliseconds milliseconds: UInt64,
        using generator: inout some RandomNumberGenerator
    ) -> ScanID {
        let high = (milliseconds << 16) | 0x7000 | (generator.next() & 0x0FFF)
        let low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        return ScanID(UUID(high: high, low: low))
    }

    /// Unix time of acceptance, in seconds, by the clock of the replica that took the scan.
    public var acceptedAtSeconds: Int {
        let high = withUnsafeBytes(of: uuid.uuid) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        return Int(high >> 16) / 1_000
    }

    /// Keys the order in which the scan's targets are dispatched. Derived from the id, so that a plan that is made again after
    /// a crash is the same plan.
    public var dispatchSeed: UInt64 {
        withUnsafeBytes(of: UUID(version5In: uuid, name: "dispatch order").uuid) {
            UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
        }
    }

    /// The lower-case text.
    public var description: String { uuid.text }

    /// Earlier acceptance sorts first.
    public static func < (left: ScanID, right: ScanID) -> Bool {
        left.uuid < right.uuid
    }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let uuid = UUID(text: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is no UUID")
        }
        self.uuid = uuid
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UUID {
    /// A UUID from its two halves, most significant first.
    package init(high: UInt64, low: UInt64) {
        let bytes = withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
        self.init(bytes: bytes)
    }

    /// A UUID from its sixteen bytes in network order.
    package init(bytes b: some RandomAccessCollection<UInt8>) {
        precondition(b.count == 16, "a UUID has sixteen bytes")
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: b) }
        self.init(uuid: value)
    }
}
