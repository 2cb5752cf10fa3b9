import HTTPTransport
import Health
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import PrometheusMetrics
import RedisClient
import ScanLedger
import ScanStore
import ServiceLifecycle
import Settings
import Telemetry

/// Makes a replica of its settings.
enum APIServices {
    /// How many connections may wait to be accepted.
    static let backlog = 1_024

    /// The services of a replica in the order of their start; they stop in the reverse order: once the replica is drained, the
    /// streams of events, which would go on for ever, then the listener.
    static func make(
        _ settings: APISettings,
        registry: PrometheusRegistry,
        logger: Logger
    ) throws -> [any Service] {
        let redis = RedisClient(configuration: RedisConfiguration(settings.redis), logger: logger)
        let transport = try HTTPTransport(
            configuration: HTTPTransportConfiguration(
                caFile: settings.scanledger.caFile,
                pinnedCertificateFile: settings.deployment.tlsBundlePath
            ),
            logger: logger
        )
        let notifier = PlanNotifier { redis.messages(on: [Channel.notify]) }
        let ledger = LedgerClient(
            baseURL: settings.scanledger.baseURL,
            token: settings.scanledger.token.value,
            transport: transport
        )
        let witness = StoreWitness(installation: settings.deployment.installation) { lost in
            logger.error("Redis has lost acknowledged writes", metadata: [LogKey.count: "\(lost.count)"])
        }
        let store = ScanStore(redis: redis, witness: witness)
        let events = EventHub(
            store: store,
            limits: EventFeeds.Limits(total: settings.events.streams, perCaller: settings.events.streamsPerToken),
            logger: logger
        )
        let drain = Drain(time: settings.drainTime, logger: logger)
        var api = makeAPI(
            settings,
            store: store,
            redis: redis,
            witness: witness,
            ledger: ledger,
            notifier: notifier,
            events: events,
            drain: drain
        )
        api.registry = registry
        let application = Application(
            responder: api.makeResponder(),
            server: try server(settings, logger: logger),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                backlog: backlog,
                availableConnectionsDelegate: .maximum(settings.maxConnections, logger: logger)
            ),
            logger: logger
        )
        let watch = InstallationWatch(store: api.store, logger: logger)
        return [redis, transport, notifier, watch, application, events, drain]
    }

    private static func makeAPI(
        _ settings: APISettings,
        store: ScanStore,
        redis: RedisClient,
        witness: StoreWitness,
        ledger: LedgerClient,
        notifier: PlanNotifier,
        events: EventHub,
        drain: Drain
    ) -> API {
        let durability = RedisDurability(redis: redis)
        return API(
            store: store,
            notifier: notifier,
            events: events,
            gatekeeper: Gatekeeper(
                access: AccessControl(ledger: ledger, positiveLifetime: settings.authCacheTTL),
                hasher: CallerHasher(serviceToken: settings.scanledger.token.value)
            ),
            readiness: Readiness(
                probes: ["redis": { try await store.ping() }, "scanledger": { try await ledger.health() }],
                required: ["redis"],
                isEnding: { drain.isUnderWay },
                installation: { .init(id: witness.installation, objection: witness.foreign?.description) },
                warnings: { await durability.warnings() + [witness.recentLoss?.description].compactMap(\.self) }
            ),
            limits: RequestLimits(
                bodyBytes: settings.maxRequestBody,
                hosts: settings.maxHostsPerRequest,
                targets: settings.maxTargetsPerScan,
                rateCeiling: settings.maxRateCeiling
            ),
            planWait: settings.planWait,
            library: ReportLibrary(store: store),
            proxies: TrustedProxies(addresses: settings.rates.trustedProxies),
            limiter: RateLimiter(RateLimits(settings.rates)),
            drain: drain
        )
    }

    private static func server(_ settings: APISettings, logger: Logger) throws -> HTTPServerBuilder {
        var limits = ConnectionLimits()
        limits.bodyTime = TimeAmount(settings.requestBodyTimeout)
        let plain = plainServer(limits, logger: logger)
        guard let path = settings.deployment.tlsBundlePath else { return plain }
        return try .tls(plain, tlsConfiguration: try TLSBundle.configuration(path: path))
    }

    /// HTTP/1.1 over connections that are closed when they take too long.
    static func plainServer(_ limits: ConnectionLimits, logger: Logger) -> HTTPServerBuilder {
        .http1(
            configuration: .init(
                additionalChannelHandlers: [
                    SlowSenderHandler(headTime: limits.headTime, bodyTime: limits.bodyTime),
                    StalledReaderHandler(patience: limits.readTime, logger: logger),
                ],
                idleTimeout: limits.idleTime,
                httpDecoderConfiguration: limits.decoder
            )
        )
    }
}

extension RateLimits {
    /// The limits that settings describe.
    init(_ settings: RateSettings) {
        self.init(
            perToken: settings.perToken == 0 ? nil : settings.perToken,
            perAddress: settings.perAddress == 0 ? nil : settings.perAddress,
            burst: settings.burst
        )
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
            clientName: "tasker-api"
        )
    }
}
