import AMQPClient
import CoreMetrics
import HTTPTransport
import Health
import Hummingbird
import Logging
import NameResolution
import PrometheusMetrics
import RedisClient
import ScanLedger
import ScanStore
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

/// Puts the process together: clients first, the election last, so that a shutdown ends the work before what it needs.
struct Coordinator {
    let settings: CoordinatorSettings
    let ignoredSettings: [String]

    /// How long a shutdown may take; less than Kubernetes waits before it kills (30 s).
    private static let shutdownTime = Duration.seconds(20)

    func run() async throws {
        LoggingBootstrap.bootstrap(
            level: Logger.Level(rawValue: settings.log.level.rawValue) ?? .info,
            format: LogFormat(rawValue: settings.log.format.rawValue) ?? .auto,
            label: "tasker-coordinator"
        )
        var logger = Logger(label: "tasker.coordinator")
        logger[metadataKey: LogKey.replica] = "\(settings.deployment.name)"
        report(to: logger)
        let registry = PrometheusRegistry(catalogue: CoordinatorMetrics.all)
        MetricsSystem.bootstrap(registry)

        let redis = RedisClient(configuration: RedisConfiguration(settings.redis), logger: logger)
        let loss = Wake()
        let witness = StoreWitness(installation: settings.deployment.installation) { [logger] lost in
            logger.error("Redis has lost acknowledged writes", metadata: [LogKey.count: "\(lost.count)"])
            loss.signal()
        }
        let publisher = connection("publisher", logger)
        let consumer = connection("consumer", logger)
        let http = try HTTPTransport(
            configuration: HTTPTransportConfiguration(
                caFile: settings.scanledger.caFile,
                pinnedCertificateFile: settings.deployment.tlsBundlePath
            ),
            logger: logger
        )
        let resolver = try NameResolver(
            configuration: NameResolverConfiguration(
                servers: settings.dns.servers,
                timeout: settings.dns.timeout,
                tries: settings.dns.tries,
                maximumConcurrent: settings.dns.maximumConcurrent
            ),
            logger: logger
        )
        let scanledger = LedgerContact(http)
        let health = CoordinatorHealth(
            witness: witness,
            scanledger: scanledger,
            connections: [publisher, consumer],
            patience: settings.leadership.lease * 2
        )
        let identity = "\(settings.deployment.name).\(UInt32.random(in: .min ... .max))"
        let workers = WorkerMonitor(broker: consumer, publisher: publisher, name: identity, logger: logger)
        let election = LeaderElection(
            name: identity,
            timing: LeaseTiming(
                lease: settings.leadership.lease,
                renewInterval: settings.leadership.leaseRenewInterval,
                pollInterval: settings.leadership.standbyPollInterval
            ),
            redis: redis,
            witness: witness,
            loss: loss,
            health: health,
            work: LeaderDuties(
                means: CoordinatorMeans(
                    settings: settings,
                    redis: redis,
                    witness: witness,
                    publisher: publisher,
                    consumer: consumer,
                    ledger: LedgerClient(
                        baseURL: settings.scanledger.baseURL,
                        token: settings.scanledger.token.value,
                        transport: scanledger
                    ),
                    resolver: resolver,
                    workers: workers,
                    logger: logger
                )
            ),
            logger: logger
        )
        let durability = DurabilityWatch(
            durability: RedisDurability(redis: redis),
            health: health,
            logger: logger
        )
        var group = ServiceGroupConfiguration(
            services: [
                healthServer(HealthRoutes(health: health, registry: registry), logger), redis, durability, http,
                resolver, publisher, consumer, workers, election,
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = Self.shutdownTime
        try await ServiceGroup(configuration: group).run()
    }

    /// Answers from before the first service starts until after the last one has ended.
    private func healthServer(_ routes: HealthRoutes, _ logger: Logger) -> some Service {
        Application(
            router: routes.makeRouter(),
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
            logger: logger
        )
    }

    private func connection(_ purpose: String, _ logger: Logger) -> AMQPConnection {
        AMQPConnection(
            configuration: AMQPConfiguration(settings.rabbitMQ),
            name: "tasker \(settings.deployment.name) \(purpose)",
            topology: BrokerTopology.tasks,
            logger: logger
        )
    }

    private func report(to logger: Logger) {
        if !ignoredSettings.isEmpty {
            logger.notice(
                "Settings without a meaning",
                metadata: [LogKey.settings: "\(ignoredSettings.joined(separator: ", "))"]
            )
        }
        if settings.deployment.environment == .production, !settings.plaintextConnections.isEmpty {
            logger.warning(
                "Connections not encrypted",
                metadata: [LogKey.connections: "\(settings.plaintextConnections.joined(separator: ", "))"]
            )
        }
    }
}

extension RedisConfiguration {
    /// The configuration that settings describe.
    init(_ settings: RedisSettings) {
        self.init(
            host: settings.host,
            port: settings.port,
            username: settings.user,
            password: settings.password?.value,
            database: settings.database,
            tls: settings.tls ? RedisTLS(caFile: settings.caFile) : nil,
            clientName: "tasker-coordinator"
        )
    }
}

extension AMQPConfiguration {
    fileprivate init(_ settings: RabbitMQSettings) {
        self.init(
            host: settings.host,
            port: settings.port,
            user: settings.user,
            password: settings.password.value,
            vhost: settings.vhost,
            tls: settings.tls ? AMQPTLS(caFile: settings.caFile) : nil
        )
    }
}
