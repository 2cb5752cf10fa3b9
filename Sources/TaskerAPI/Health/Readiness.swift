/// Finds out whether this replica can do its work: it needs Redis and ScanLedger.
struct Readiness: Sendable {
    typealias Probe = @Sendable () async throws -> Void

    /// How long a dependency may take: balancers give up after a few seconds themselves.
    static let timeLimit = Duration.seconds(2)

    /// A probe for each dependency, by its name.
    let probes: [String: Probe]
    /// What works, but not as it should.
    let warnings: @Sendable () async -> [String]

    /// What was found.
    struct Report: Encodable, Hashable, Sendable {
        let status: String
        let detail: String?
        let dependencies: [String: String]
        let warnings: [String]

        var isReady: Bool { detail == nil }
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
        return Report(
            status: away.isEmpty ? "ready" : "unready",
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
