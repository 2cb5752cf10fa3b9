import Health

/// Finds out whether this replica can do its work.
///
/// Without Redis it can do nothing. Without ScanLedger it lets nobody new in, but known callers can still stop their
/// scans; since all replicas ask the same ScanLedger, taking them out of a balancer would only take that away too.
///
/// Whoever asks at the same time, or soon after, gets the same report: anybody may ask, and each probe costs a
/// dependency something.
actor Readiness {
    typealias Probe = @Sendable () async throws -> Void

    /// How long a dependency may take: balancers give up after a few seconds themselves.
    static let timeLimit = Duration.seconds(2)
    /// For how long a report holds.
    static let reportLifetime = Duration.seconds(1)

    private let probes: [String: Probe]
    private let required: Set<String>
    private let isEnding: @Sendable () -> Bool
    private let installation: @Sendable () -> Installation
    private let warnings: @Sendable () async -> [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private var underWay: Task<ReadinessReport, Never>?
    private var latest: (report: ReadinessReport, since: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - probes: a probe for each dependency, by its name.
    ///   - required: those without which a replica is no use.
    ///   - now: the clock.
    ///   - isEnding: whether this replica was told to end.
    ///   - installation: whose data this replica works with.
    ///   - warnings: what works, but not as it should.
    init(
        probes: [String: Probe],
        required: Set<String>,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        isEnding: @escaping @Sendable () -> Bool = { false },
        installation: @escaping @Sendable () -> Installation = { Installation() },
        warnings: @escaping @Sendable () async -> [String]
    ) {
        self.probes = probes
        self.required = required
        self.now = now
        self.isEnding = isEnding
        self.installation = installation
        self.warnings = warnings
    }

    /// Whose data Redis holds.
    struct Installation: Sendable {
        /// The one that this replica works for; nil where it has seen none.
        var id: String?
        /// Why nothing may be done, where Redis holds other data.
        var objection: String?
    }

    /// How the dependencies are, or were a moment ago.
    func report() async -> ReadinessReport {
        guard !isEnding() else { return ReadinessReport(status: .unready, detail: "ending", dependencies: [:]) }
        if let latest, latest.since.duration(to: now()) < Self.reportLifetime { return latest.report }
        if let underWay { return await underWay.value }
        // Not a child of this request: others share it, and it must outlive a caller that gives up. It ends by itself.
        let task = Task { await makeReport() }
        underWay = task
        let report = await task.value
        latest = (report, now())
        underWay = nil
        return report
    }

    /// Asks all dependencies at the same time.
    private nonisolated func makeReport() async -> ReadinessReport {
        async let warnings = within(Self.timeLimit) { await self.warnings() }
        let states = await withTaskGroup(of: (String, Bool).self) { group in
            for (name, probe) in probes {
                group.addTask {
                    let answer = await within(Self.timeLimit) { await Self.succeeds(probe) }
                    return (name, answer ?? false)
                }
            }
            return await group.reduce(into: [String: ReadinessReport.Dependency]()) { $0[$1.0] = $1.1 ? .ok : .away }
        }
        let away = states.filter { $0.value == .away }.keys.sorted()
        let installation = installation()
        let isReady = required.isDisjoint(with: away) && installation.objection == nil
        return ReadinessReport(
            status: isReady ? (away.isEmpty ? .ready : .degraded) : .unready,
            detail: installation.objection ?? (away.isEmpty ? nil : "away: \(away.joined(separator: ", "))"),
            installation: installation.id,
            dependencies: states,
            warnings: await warnings ?? []
        )
    }

    private static func succeeds(_ probe: Probe) async -> Bool {
        do {
            try await probe()
            return true
        } catch {
            return false
        }
    }
}
