import Foundation
import HTTPTypes
import Hummingbird
import ScanModel
import ScanStore
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("Results that did not count")
struct QuarantineRouteTests {
    private let fixture = APIFixture()
    private let scan = ScanID(UUID())

    private func keep(_ id: String, of project: ProjectID = APIFixture.project, report: String) {
        let note = QuarantinedReport(
            id: id,
            scan: scan,
            ip: "20.0.0.1",
            reason: .rejectedByScanLedger,
            detail: "was answered with 500",
            at: 1_795_418_144_250,
            size: report.utf8.count
        )
        fixture.store.state.withLock {
            $0.quarantine[project, default: []].append(note)
            $0.quarantinedReports[project, default: [:]][id] = Array(report.utf8)
        }
    }

    @Test("reports in quarantine are listed with what is known of them, as many as are asked for")
    func list() async throws {
        keep("7-0", report: "<nmaprun/>")
        keep("6-0", report: "<nmaprun/>")
        let answer = try await fixture.send(.get, project: "quarantine?limit=1")
        #expect(answer.status == 200)
        let report: [String: JSONValue] = [
            "id": "7-0", "scan_id": .string("\(scan)"), "ip": "20.0.0.1", "reason": "rejected_by_scanledger",
            "detail": "was answered with 500", "at": "2026-11-23T07:15:44.250Z", "size": 10,
        ]
        #expect(answer.body["reports"] == [.object(report)])
        #expect(try await fixture.send(.get, project: "quarantine?limit=0").status == 422)
    }

    @Test("a report is a file that no browser shows")
    func file() async throws {
        keep("7-0", report: "<nmaprun/>")
        let response = try await fixture.respond(.get, "/tasks/\(APIFixture.project)/quarantine/7-0")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/xml")
        #expect(response.headers[.contentDisposition] == #"attachment; filename="report-7-0.xml""#)
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(try await APIFixture.blocks(of: response).joined().elementsEqual("<nmaprun/>".utf8))
    }

    @Test("a report that is not there, or was too large to be kept, is a 404 that says so")
    func notThere() async throws {
        keep("7-0", report: "")
        let tooLarge = try await fixture.send(.get, project: "quarantine/7-0")
        #expect(tooLarge.status == 404 && tooLarge.body["detail"] == "the report was too large to be kept")
        let unknown = try await fixture.send(.get, project: "quarantine/8-0")
        #expect(unknown.status == 404 && unknown.body["detail"] == "Report not found")
    }

    @Test("notes on results that were set aside are listed")
    func setAside() async throws {
        let note = SetAsideNote(task: "a-task", reason: "stale", at: 1_795_418_144)
        fixture.store.state.withLock { $0.setAside[APIFixture.project] = [note] }
        let answer = try await fixture.send(.get, project: "set-aside")
        let result: [String: JSONValue] = ["task_id": "a-task", "reason": "stale", "at": "2026-11-23T07:15:44.000Z"]
        #expect(answer.body["results"] == [.object(result)])
    }

    @Test("nothing of another project is shown", arguments: ["quarantine", "set-aside", "quarantine/7-0"])
    func isolation(route: String) async throws {
        keep("7-0", of: .other, report: "<nmaprun/>")
        let note = SetAsideNote(task: "a-task", reason: "stale", at: 0)
        fixture.store.state.withLock { $0.setAside[.other] = [note] }
        let answer = try await fixture.send(.get, project: route)
        let empty: Set<JSONValue> = [.object(["reports": []]), .object(["results": []])]
        #expect(empty.contains(answer.body) || answer.status == 404)
        let stranger = try await fixture.respond(.get, "/tasks/\(ProjectID.other)/\(route)", token: "a-stranger")
        #expect(stranger.status == .unauthorized)
    }
}
