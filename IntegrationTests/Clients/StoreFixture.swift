import AddressSpace
import Foundation
import Nmap
import RedisClient
import ScanModel
import ScanStore
import Synchronization
import Testing

/// A scan of four addresses in a Redis database of its own, and a leader.
struct StoreFixture: Sendable {
    let redis: RedisClient
    let store: ScanStore
    let leader: LeaderStore
    let project = ProjectID(UUID())
    let scan = ScanID(UUID())

    static let request = ScanRequest(
        hosts: ["20.0.0.0/29"],
        openPorts: OpenPortsOptions(ports: PortSet(ports: [80, 443])),
        services: ServiceOptions(),
        timeout: 60,
        includeServices: true,
        singleResolve: false,
        mode: .append,
        trackHistory: true
    )

    /// The databases in use. Each fixture has one to itself, of Redis' sixteen; the one that the URL names belongs to the
    /// client's own tests.
    private static let taken = Mutex<Set<Int>>([])

    static func takeDatabase(besides shared: Int) throws -> Int {
        let database = taken.withLock { taken in
            let free = (0..<16).first { $0 != shared && !taken.contains($0) }
            if let free { taken.insert(free) }
            return free
        }
        return try #require(database, "more fixtures at a time than databases")
    }

    static func giveBack(_ database: Int) {
        taken.withLock { _ = $0.remove(database) }
    }

    func task(_ target: Int, _ phase: Phase = .openPorts, _ attempt: Int = 1) -> TaskReference {
        TaskReference(scan: scan, target: target, phase: phase, attempt: attempt)
    }

    func counts() async throws -> TargetCounts {
        try #require(try await store.progress(of: scan, in: project)).counts
    }

    /// Claims fresh targets.
    func claim(_ targets: Range<Int>) async throws {
        let claims = targets.map { Claim(task: task($0), source: .fresh) }
        let granted = try await leader.claim(claims, of: scan, cursor: targets.lowerBound, to: targets.upperBound)
        #expect(granted == targets.map { _ in true })
    }

    func commit(
        _ plan: Plan,
        _ answer: PlanAnswer,
        refusals: PlanRefusals = PlanRefusals(),
        isDryRun: Bool = false
    ) async throws -> Bool {
        try await leader.commit(plan, refusals: refusals, answer: answer, of: scan, isDryRun: isDryRun)
    }

    func elect(_ name: String) async throws -> Term {
        try await Self.elect(name, redis)
    }

    static func elect(_ name: String, _ redis: RedisClient) async throws -> Term {
        let lock = LeaderLock(redis: redis)
        let attempt = try await lock.acquire(for: name, observed: try await lock.observe(), installation: nil)
        guard case .acquired(let term) = attempt else { throw CancellationError() }
        return term
    }
}

func withFixture(
    planned: Bool = true,
    _ body: @escaping @Sendable (StoreFixture) async throws -> Void
) async throws {
    var configuration = try RedisTesting.sharedServer()
    configuration.database = try StoreFixture.takeDatabase(besides: configuration.database)
    defer { StoreFixture.giveBack(configuration.database) }
    try await RedisTesting.withClient(configuration) { redis in
        _ = try await redis.execute(["FLUSHDB"])
        let fixture = StoreFixture(
            redis: redis,
            store: ScanStore(redis: redis),
            leader: LeaderStore(redis: redis, term: try await StoreFixture.elect("first", redis))
        )
        _ = try await fixture.store.submit(
            StoreFixture.request,
            as: fixture.scan,
            for: fixture.project,
            caller: "c",
            atMilliseconds: Int(Date().timeIntervalSince1970 * 1_000)
        )
        if planned {
            let targets = AddressSet([try #require(AddressRange(.v4(0x1400_0001), .v4(0x1400_0004)))])
            let plan = Plan(targets: targets, hostnames: [.v4(0x1400_0002): ["a.test.example"]], seed: 7)
            let answer = PlanAnswer.pending(scanID: fixture.scan, state: .running)
            #expect(try await fixture.commit(plan, answer))
        }
        try await body(fixture)
    }
}
