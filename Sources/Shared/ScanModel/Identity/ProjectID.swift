public import Foundation
import UUIDText

/// The id of a ScanLedger project: the unit of work and of tenancy.
public struct ProjectID: Hashable, Sendable, Codable, LosslessStringConvertible {
    /// The id as ScanLedger made it.
    public let uuid: UUID

    /// Wraps an id that ScanLedger made.
    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Reads the text of a UUID in either case; nil for anything else.
    public init?(_ description: String) {
        guard let uuid = UUID(text: description) else { return nil }
        self.uuid = uuid
    }

    /// The lower-case text, as ScanLedger and the workers write it.
    public var description: String { uuid.text }

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
