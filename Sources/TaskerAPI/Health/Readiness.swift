/// Finds out whether this replica can do its work.
///
/// Without Redis it can do nothing. Without ScanLedger it lets nobody new in, but known callers can still stop their
/// scans; since all replicas ask the same ScanLedger, taking them out of a balancer would only take that away too.
struct Readiness: Sendable {
    typealias Probe = @Sendable () async throws -> Void

    /// How long a dependency may take: balancers give up after a few seconds themselves.
    static let timeLimit = Duration.seconds(2)

    /// A probe for each dependency, by its name.
    let probes: [String: Probe]
    /// Those without which a replica is no use.
    let required: Set<String>
    /// What works, but not as it should.
    let warnings: @Sendable () async -> [String]

    /// What was found.
    struct Report: Encodable, Hashable, Sendable {
        let status: String
        let detail: String?
        let dependencies: [String: String]
        let warnings: [String]

        var isReady: Bool { status != "unready" }
    }

    /// Asks all dependencies at the same time.
    func report() async -> Report {
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
