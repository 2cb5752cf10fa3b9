import Health
import ScanStore

/// How a coordinator is, as far as it knows without asking anybody.
struct CoordinatorCondition: Sendable {
    /// What the election has come to.
    enum Standing: Hashable, Sendable {
        /// Redis has not answered yet.
        case starting
        case standby
        case leading(epoch: Int64)
    }

    typealias Instant = ContinuousClock.Instant

    var standing = Standing.starting
    /// When Redis last answered, and whether it has left a later question without an answer.
    var redis: (answeredAt: Instant?, isMissed: Bool) = (nil, false)
    var rabbitMQ: (isConnected: Bool, isBlocked: Bool) = (false, false)
    var scanledger = ReadinessReport.Dependency.unknown
    var installation: String?
    var foreign: ForeignInstallation?
    var recentLoss: LostWrites?
    var durabilityWarnings: [String] = []

    /// What there is to say about it.
    ///
    /// - Parameter patience: for how long an answer of Redis counts.
    func report(at now: Instant, patience: Duration) -> ReadinessReport {
        var report = ReadinessReport(
            status: .standby,
            installation: installation,
            dependencies: [
                "redis": redisState(at: now, patience: patience), "rabbitmq": rabbitMQ.isConnected ? .ok : .away,
                "scanledger": scanledger,
            ],
            warnings: durabilityWarnings + [recentLoss?.description].compactMap(\.self)
        )
        if rabbitMQ.isBlocked { report.warnings.append("rabbitmq: short of memory or disk, it takes no messages") }
        switch standing {
        case .starting, .standby: break
        case .leading(let epoch):
            report.status = .leading
            report.epoch = epoch
        }
        let away = report.dependencies.filter { $0.value == .away }.keys.sorted()
        if !away.isEmpty { report.detail = "away: \(away.joined(separator: ", "))" }
        if standing == .starting {
            report.status = .unready
            report.detail = report.detail ?? "starting"
        }
        if report.dependencies["redis"] == .away { report.status = .unready }
        if let foreign {
            report.status = .unready
            report.detail = foreign.description
        }
        return report
    }

    private func redisState(at now: Instant, patience: Duration) -> ReadinessReport.Dependency {
        if redis.isMissed { return .away }
        guard let answeredAt = redis.answeredAt else { return .unknown }
        return answeredAt.duration(to: now) < patience ? .ok : .away
    }
}
