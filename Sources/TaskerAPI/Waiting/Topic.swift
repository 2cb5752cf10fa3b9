import Foundation
import ScanModel
import UUIDText

/// What a request may wait for.
enum Topic: Hashable, Sendable {
    /// A scan's plan, or its end without one.
    case scan(ScanID)
    /// The coordinator's answer to a stop.
    case receipt(UUID)

    /// Reads what the coordinator publishes on `Channel.notify`; nil for what is not understood.
    init?(notification: [UInt8]) {
        let words = String(decoding: notification, as: UTF8.self).split(separator: " ")
        guard words.count == 2 else { return nil }
        switch words[0] {
        case "planned", "ended":
            guard let scan = ScanID(String(words[1])) else { return nil }
            self = .scan(scan)
        case "receipt":
            guard let id = UUID(text: String(words[1])) else { return nil }
            self = .receipt(id)
        default: return nil
        }
    }
}
