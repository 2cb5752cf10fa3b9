import ArgumentParser
import CoreMetrics
import Logging
import PrometheusMetrics
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

/// The API of Tasker: one replica of any number. It holds no state.
@main
struct TaskerAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "TaskerAPI",
        abstract: "Serves Tasker's HTTP interface: starts and stops scans, shows their progress.",
        discussion: SettingsReference.help(for: .api),
        version: Version.text
    )

    /// How long a shutdown may take once the replica is drained.
    private static let shutdownTime = Duration.seconds(20)

    @Option(name: .long, help: "A file of settings; by default .env, where there is one.")
    var envFile: String?

    func run() async throws {
        let settings: APISettings
        let source: SettingsSource
        do {
            source = try SettingsSource.load(file: envFile)
            settings = try APISettings(source)
        } catch {
            throw ValidationError("settings:\n\(error)")
        }
        let logger = Self.makeLogger(settings)
        Self.warn(of: settings, ignored: source.ignored, logger)
        let registry = PrometheusRegistry(catalogue: APIMetrics.all)
        MetricsSystem.bootstrap(registry)
        let services = try APIServices.make(settings, registry: registry, logger: logger)
        var group = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = settings.drainTime + Self.shutdownTime
        try await ServiceGroup(configuration: group).run()
    }

    private static func makeLogger(_ settings: APISettings) -> Logger {
        LoggingBootstrap.bootstrap(
            level: Logger.Level(rawValue: settings.log.level.rawValue) ?? .info,
            format: LogFormat(rawValue: settings.log.format.rawValue) ?? .auto,
            label: "tasker-api"
        )
        var logger = Logger(label: "tasker.api")
        logger[metadataKey: LogKey.replica] = "\(settings.deployment.name)"
        return logger
    }

    private static func warn(of settings: APISettings, ignored: [String], _ logger: Logger) {
        if !ignored.isEmpty {
            logger.notice(
                "Settings without a meaning",
                metadata: [LogKey.settings: "\(ignored.joined(separator: ", "))"]
            )
        }
        let plaintext = settings.plaintextConnections
        if settings.deployment.environment == .production, !plaintext.isEmpty {
            logger.warning(
                "Connections not encrypted",
                metadata: [LogKey.connections: "\(plaintext.joined(separator: ", "))"]
            )
        }
    }
}
