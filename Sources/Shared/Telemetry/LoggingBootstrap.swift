import Foundation
public import Logging

/// The one place where a process decides where its log goes.
public enum LoggingBootstrap {
    /// Sends every logger's records to standard error. To be called once, before the first logger is made.
    ///
    /// - Parameters:
    ///   - level: The least important records that are written.
    ///   - format: How they look.
    ///   - label: The process' kind, such as `tasker-api`; in each JSON record.
    public static func bootstrap(level: Logger.Level, format: LogFormat, label: String) {
        let isText =
            switch format {
            case .text: true
            case .json: false
            case .auto: isatty(STDERR_FILENO) == 1
            }
        let encoder: any LogRecordEncoder = isText ? TextLogEncoder() : JSONLogEncoder(service: label)
        let output = LogOutput(descriptor: STDERR_FILENO)
        LoggingSystem.bootstrap(
            { logger, metadataProvider in
                LineLogHandler(
                    label: logger,
                    level: level,
                    metadataProvider: metadataProvider,
                    encoder: encoder,
                    output: output
                )
            },
            metadataProvider: Correlation.metadataProvider
        )
    }
}
