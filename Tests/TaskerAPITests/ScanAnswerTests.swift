import Foundation
import HTTPTypes
import ScanModel
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Progress of scans")
struct ScanAnswerTests {
    private let fixture = APIFixture()

    private func progress(id: ScanID = ScanID(UUID()), project: ProjectID = APIFixture.project) -> ScanProgress {
        var counts = TargetCounts()
        counts.planned = 100
        counts.inFlight = 7
        counts.parked = 3
        counts.done = 40
        counts.donePartial = 2
        counts.failed = 5
        counts.cancelled = 1
        var summary = PlanSummary()
        summary.refused = [.privateIP: 4, .unresolvable: 2]
        return ScanProgress(
            id: id,
            project: project,
            state: .running,
            detail: nil,
            createdAt: 1_795_418_144_250,
            endedAt: nil,
            mode: .insert,
            counts: counts,
            summary: summary,
            phases: [.openPorts: .init(), .services: .init()]
        )
    }

    @Test("the accounting identities hold in the answer")
    func identities() async throws {
        let scan = progress()
        fixture.store.state.withLock { $0.progress = [scan] }
        let body = try await fixture.send(.get, project: "scans/\(scan.id)").body
        let parts = ["pending", "in_flight", "parked", "done", "done_partial", "failed", "cancelled"]
        #expect(body["planned"].integer == parts.compactMap { body[$0].integer }.reduce(0, +))
        #expect(body["pending"] == 42)
        #expect(body["considered"] == 106 && body["refused_total"] == 6)
        #expect(body["refused"]["private_ip"] == 4 && body["refused"]["other"] == 0)
        #expect(body["created_at"] == "2026-11-23T07:15:44.250Z")
        #expect(body["ended_at"] == .null && body.names.contains("ended_at"))
        #expect(body["phases"]["open_ports"].names == ["targets", "finished", "running"])
        #expect(body["state"] == "running" && body["mode"] == "insert")
    }

    @Test("counts at the end of the number range do not overflow")
    func saturation() throws {
        var scan = progress()
        scan.summary?.refused = [.privateIP: .max, .other: 1]
        let body = try JSONReader.read(Array(try JSONEncoder().encode(ScanAnswer(scan))))
        #expect(body["considered"] == .integer(.max))
    }

    @Test("another project's scan is not found")
    func isolation() async throws {
        let scan = progress(project: ProjectID(UUID()))
        fixture.store.state.withLock { $0.progress = [scan] }
        #expect(try await fixture.send(.get, project: "scans/\(scan.id)").status == 404)
        #expect(try await fixture.send(.get, project: "scans").body["scans"] == [])
    }

    @Test("a scan id that is not a UUID is a 422")
    func badScanID() async throws {
        let answer = try await fixture.send(.get, project: "scans/7")
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0]["loc"] == ["path", "scan_id"])
    }

    @Test(
        "the list takes a limit from 1 to 1000",
        arguments: [
            ("", 200), ("?limit=1", 200), ("?limit=1000", 200), ("?limit=0", 422), ("?limit=1001", 422),
            ("?limit=x", 422),
        ]
    )
    func limit(query: String, status: Int) async throws {
        let scans = [progress(), progress()]
        fixture.store.state.withLock { $0.progress = scans }
        let answer = try await fixture.send(.get, project: "scans\(query)")
        #expect(answer.status == status)
        if query == "?limit=1" { #expect(answer.body["scans"][1] == .null) }
        if status == 422 { #expect(answer.body["detail"][0]["loc"] == ["query", "limit"]) }
    }
}
