import Foundation
import Logging

/// A log record with all of its metadata.
struct LogRecord {
    let time: Date
    let level: Logger.Level
    let logger: String
    let message: String
    let metadata: Logger.Metadata

    /// The time in UTC, to the millisecond.
    var timeText: String { time.formatted(Self.timeStyle) }

    /// Metadata in one order, so that equal records are equal lines.
    var sortedMetadata: [(key: String, value: Logger.MetadataValue)] {
        metadata.sorted { $0.key < $1.key }
    }

    private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

/// Turns a record into a line, without the line's end. What comes from outside cannot begin a line of its own.
protocol LogRecordEncoder: Sendable {
    func encode(_ record: LogRecord) -> String
}
