import AddressSpace
import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing

/// What is kept of results that do not count, in a real server.
@Suite("Quarantine", .timeLimit(.minutes(2)))
struct QuarantineTests {
    private func refusal(_ fixture: StoreFixture, _ target: Int, xml: [UInt8]) -> Settlement {
        Settlement(
            task: fixture.task(target),
            outcome: .failed,
            reason: .rejectedByScanLedger,
            detail: "500",
            refusedReport: RefusedReport(address: .v4(0x1400_0000 + UInt32(target)), xml: xml)
        )
    }

    /// Bytes that no compression makes fewer.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for _ in 0..<count {
            // xorshift64: G. Marsaglia, "Xorshift RNGs" (2003).
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes.append(UInt8(truncatingIfNeeded: state >> 24))
        }
        return bytes
    }

    /// A scan of many addresses, all of them claimed.
    private func claimMany(_ count: Int, _ fixture: StoreFixture) async throws {
        let plan = Plan(
            targets: AddressSet([.v4(0x1400_0000...(0x1400_0000 + UInt32(count) - 1))]),
            hostnames: [:],
            seed: 7
        )
        #expect(try await fixture.commit(plan, PlanAnswer.pending(scanID: fixture.scan, state: .running)))
        try await fixture.claim(0..<count)
    }

    @Test("a refused report is kept together with the outcome of its target, once, in its project alone")
    func kept() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<2)
            let (leader, store) = (fixture.leader, fixture.store)
            let xml = Array("<nmaprun>1</nmaprun>".utf8)
            let refusals = [refusal(fixture, 1, xml: xml), Settlement(task: fixture.task(0), outcome: .done)]
            #expect(try await leader.settle(refusals, of: fixture.scan, afterImport: true) == [true, true])
            #expect(try await leader.settle(refusals, of: fixture.scan, afterImport: true) == [false, false])
            let reports = try await store.quarantine(of: fixture.project, limit: 10)
            let report = try #require(reports.first)
            #expect(reports.count == 1)
            #expect(report.scan == fixture.scan && report.ip == "20.0.0.1" && report.size == xml.count)
            #expect(report.reason == .rejectedByScanLedger && report.detail == "500")
            #expect(try await store.quarantinedReport(report.id, of: fixture.project) == xml)
            #expect(try await fixture.counts().failed == 1)
            let other = ProjectID(UUID())
            #expect(try await store.quarantine(of: other, limit: 10).isEmpty)
            #expect(try await store.quarantinedReport(report.id, of: other) == nil)
            #expect(try await store.quarantinedReport("nothing", of: fixture.project) == nil)
        }
    }

    @Test("a leader whose term is over keeps nothing")
    func fenced() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<1)
            _ = try await fixture.elect("second")
            let refusal = refusal(fixture, 0, xml: [1])
            let error = try await #require(throws: StoreError.self) {
                _ = try await fixture.leader.settle([refusal], of: fixture.scan, afterImport: true)
            }
            #expect(error.code == .fenced)
            #expect(try await fixture.store.quarantine(of: fixture.project, limit: 1).isEmpty)
        }
    }

    @Test("the last 256 reports are kept, the latest first, and everything has a bounded life")
    func bounded() async throws {
        try await withFixture(planned: false) { fixture in
            try await claimMany(300, fixture)
            let refusals = (0..<300).map { refusal(fixture, $0, xml: Array("<report \($0)/>".utf8)) }
            _ = try await fixture.leader.settle(refusals, of: fixture.scan, afterImport: true)
            let reports = try await fixture.store.quarantine(of: fixture.project, limit: 1_000)
            let latest = (44..<300).reversed().map { "20.0.\($0 / 256).\($0 % 256)" }
            #expect(reports.map(\.ip) == latest)
            let two = try await fixture.store.quarantine(of: fixture.project, limit: 2)
            #expect(two == Array(reports.prefix(2)))
            let key = "tasker:project:\(fixture.project):quarantine"
            let kept = try await fixture.redis.execute(["HLEN", .string("\(key):reports")])
            #expect(kept == .integer(256))
            for key in [key, "\(key):reports"] {
                let life = try await fixture.redis.execute(["TTL", .string(key)])
                #expect(life == .integer(604_800) || life == .integer(604_799))
            }
        }
    }

    @Test(
        "reports that take more than 16 MiB push older ones out, and one that is too large by itself leaves a note alone"
    )
    func bytes() async throws {
        try await withFixture(planned: false) { fixture in
            try await claimMany(8, fixture)
            for target in 0..<7 {
                let report = refusal(fixture, target, xml: noise((target < 6 ? 3 : 5) << 20))
                _ = try await fixture.leader.settle([report], of: fixture.scan)
            }
            let reports = try await fixture.store.quarantine(of: fixture.project, limit: 10)
            #expect(reports.map(\.ip) == ["20.0.0.6", "20.0.0.5", "20.0.0.4", "20.0.0.3", "20.0.0.2", "20.0.0.1"])
            #expect(try await fixture.store.quarantinedReport(reports[0].id, of: fixture.project) == [])
            #expect(try await fixture.store.quarantinedReport(reports[1].id, of: fixture.project)?.count == 3 << 20)
        }
    }

    @Test("notes on results that were set aside come back, the latest first")
    func setAside() async throws {
        try await withFixture { fixture in
            let notes = (0..<3).map { SetAsideNote(task: "task \($0)", reason: "stale", at: $0) }
            for note in notes { try await fixture.leader.setAside(note, of: fixture.project) }
            #expect(try await fixture.store.setAside(of: fixture.project, limit: 2) == [notes[2], notes[1]])
            #expect(try await fixture.store.setAside(of: ProjectID(UUID()), limit: 2).isEmpty)
        }
    }

    @Test(
        "why results are not imported is shown with the project's running scans and its status until it is taken back"
    )
    func sync() async throws {
        try await withFixture { fixture in
            let (leader, store) = (fixture.leader, fixture.store)
            try await leader.warn("a warning", of: fixture.scan)
            try await leader.noteSync("results wait", of: fixture.project)
            try await leader.noteSync("others wait", of: ProjectID(UUID()))
            #expect(try await store.status(of: fixture.project).detail == "results wait")
            #expect(
                try await store.progress(of: fixture.scan, in: fixture.project)?.detail == "a warning; results wait"
            )
            try await leader.noteSync(nil, of: fixture.project)
            #expect(try await store.status(of: fixture.project).detail == nil)
            #expect(try await store.progress(of: fixture.scan, in: fixture.project)?.detail == "a warning")
            try await leader.noteSync("results wait", of: fixture.project)
            _ = try await leader.stop(fixture.scan, keepsInBetween: false)
            #expect(try await store.progress(of: fixture.scan, in: fixture.project)?.detail == nil, "it has ended")
        }
    }
}
