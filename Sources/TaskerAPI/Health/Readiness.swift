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
    private let warnings: @Sendable () async -> [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private var underWay: Task<Report, Never>?
    private var latest: (report: Report, since: ContinuousClock.Instant)?

    /// - Parameters:
    ///   - probes: a probe for each dependency, by its name.
    ///   - required: those without which a replica is no use.
    ///   - now: the clock.
    ///   - warnings: what works, but not as it should.
    init(
        probes: [String: Probe],
        required: Set<String>,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        warnings: @escaping @Sendable () async -> [String]
    ) {
        self.probes = probes
        self.required = required
        self.now = now
        self.warnings = warnings
    }

    /// What was found.
    struct Report: Encodable, Hashable, Sendable {
        let status: String
        let detail: String?
        let dependencies: [String: String]
        let warnings: [String]

        var isReady: Bool { status != "unready" }
    }

    /// How the dependencies are, or were a moment ago.
    func report() async -> Report {
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
    private nonisolated func makeReport() async -> Report {
        async let warnings = within(Self.timeLimit) { await self.warnings() }
        let states = await withTaskGroup(of: (String, Bool).self) { group in
            for (name, probe) in probes {
                group.addTask {
                    let answer = await within(Self.timeLimit) { await Self.succeeds(probe) }
                    return (name, answer ?? false)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 ? "ok" : "away" }
        }
        let away = states.filter { $0.value == "away" }.keys.sorted()
        let isReady = required.isDisjoint(with: away)
        return Report(
            status: isReady ? (away.isEmpty ? "ready" : "degraded") : "unready",
            detail: away.isEmpty ? nil : "away: \(away.joined(separator: ", "))",
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
