import Foundation
import HTTPTypes

/// Which codings of a body a caller takes (RFC 9110, section 12.5.3).
struct AcceptedEncodings: Hashable, Sendable {
    /// Whether the caller asked for gzip, by its name or with `*`. Who says nothing gets the body as it is.
    let includesGzip: Bool

    init(_ headers: HTTPFields) {
        var weights: [String: Double] = [:]
        for coding in headers[values: .acceptEncoding].flatMap({ $0.split(separator: ",") }) {
            let parts = coding.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            weights[name] = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        includesGzip = (weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0) > 0
    }
}
