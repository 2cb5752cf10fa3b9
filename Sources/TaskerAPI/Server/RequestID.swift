import Foundation
import HTTPTypes
import Telemetry
import UUIDText

/// The id by which a request is found in the logs of everything it passes.
struct RequestID: Hashable, CustomStringConvertible {
    /// Longer ones are not taken over.
    static let maximumLength = 128

    let description: String

    /// Takes the id that a balancer or caller gave, if it is fit to be logged and sent back, else makes one.
    init(_ headers: HTTPFields) {
        if let given = headers[.requestID], Self.isSane(given) {
            description = given
        } else {
            description = UUID().text
        }
    }

    private static func isSane(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-_.:+/=".utf8.contains(byte)
            }
        }
    }
}

extension TraceContext {
    /// The next step of the trace that the caller gave, or a new one: a header that is not well-formed, or there twice, counts
    /// for nothing.
    init(_ headers: HTTPFields) {
        self = headers[.traceparent].flatMap { TraceContext($0) }?.child() ?? .root()
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-ID")!
}
