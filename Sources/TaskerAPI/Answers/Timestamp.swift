import Foundation

/// How answers write times.
enum Timestamp {
    /// ISO 8601 with milliseconds, UTC.
    ///
    /// - Parameter milliseconds: Unix time.
    static func text(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
