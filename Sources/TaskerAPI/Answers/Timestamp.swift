import Foundation

/// How answers write times.
enum Timestamp {
    /// ISO 8601 with milliseconds, UTC.
    ///
    /// - Parameter milliseconds: Unix time.
    static func text(_ milliseconds: Int) -> String {
        // The style cuts off what is behind the milliseconds, and most of them are no binary fractions.
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000 + 0.000_5)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
