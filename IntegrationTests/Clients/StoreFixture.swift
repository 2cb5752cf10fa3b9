import AddressSpace
import Foundation
import Nmap
import RedisClient
import ScanModel
import ScanStore
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

    /// Empties the database, elects a leader, and submits the scan.
    static func make(_ redis: RedisClient, planned: Bool) async throws -> StoreFixture {
        _ = try await redis.execute(["FLUSHDB"])
        let fixture = StoreFixture(
            redis: redis,
            store: ScanStore(redis: redis),
            leader: LeaderStore(redis: redis, term: try await elect("first", redis))
        )
        _ = try await fixture.store.submit(
            request,
            as: fixture.scan,
            for: fixture.project,
            by: .test,
            atMilliseconds: Int(Date().timeIntervalSince1970 * 1_000)
        )
        if planned {
            let targets = AddressSet([try #require(AddressRange(.v4(0x1400_0001), .v4(0x1400_0004)))])
            let plan = Plan(targets: targets, hostnames: [.v4(0x1400_0002): ["a.test.example"]], seed: 7)
            #expect(try await fixture.commit(plan, PlanAnswer.pending(scanID: fixture.scan, state: .running)))
        }
        return fixture
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
        let attempt = try await lock.acquire(for: name, observed: try await lock.observe())
        guard case .acquired(let term) = attempt else { throw CancellationError() }
        return term
    }
}

func withFixture(
    planned: Bool = true,
    _ body: @escaping @Sendable (StoreFixture) async throws -> Void
) async throws {
    let server = try RedisTesting.sharedServer()
    try await DatabasePool.shared.withDatabase(besides: server.database) { database in
        var configuration = server
        configuration.database = database
        try await RedisTesting.withClient(configuration) { redis in
            let fixture = try await StoreFixture.make(redis, planned: planned)
            try await body(fixture)
        }
    }
}

extension Requester {
    static let test = Requester(caller: "c0ffee", address: "203.0.113.7", request: "r-1")
}
