import Foundation
import Logging

/// Writes each log record as one line.
struct LineLogHandler: LogHandler {
    let label: String
    let encoder: any LogRecordEncoder
    let output: LogOutput
    let now: @Sendable () -> Date
    var logLevel: Logger.Level
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    init(
        label: String,
        level: Logger.Level,
        metadataProvider: Logger.MetadataProvider?,
        encoder: any LogRecordEncoder,
        output: LogOutput,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
        self.encoder = encoder
        self.output = output
        self.now = now
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var metadata = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            if let more { metadata.merge(more) { $1 } }
        }
        if let error = event.error {
            metadata[LogKey.error] = "\(error)"
            metadata[LogKey.errorType] = "\(String(reflecting: type(of: error)))"
        }
        let record = LogRecord(
            time: now(),
            level: event.level,
            logger: label,
            message: event.message.description,
            metadata: metadata
        )
        output.write(encoder.encode(record) + "\n")
    }
}
