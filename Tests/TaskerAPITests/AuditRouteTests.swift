import AddressSpace
import Foundation
import HTTPTypes
import ScanModel
import ScanStore
import Synchronization
import Testing

@testable import TaskerAPI

@Suite("The audit of a project")
struct AuditRouteTests {
    private func entry(_ number: Int, _ action: AuditEntry.Action = .pause, address: String? = "203.0.113.7")
        -> AuditEntry
    {
        AuditEntry(
            id: StreamPosition(milliseconds: UInt64(1_700_000_000_000 + number), number: 0),
            action: action,
            requester: Requester(caller: "0123456789ab", address: address, request: "r-\(number)"),
            scans: [],
            scanCount: 3
        )
    }

    @Test("what changes something is written with the caller's hash, address and request id")
    func requesters() async throws {
        let fixture = APIFixture(proxies: [try #require(IPAddress("192.0.2.1"))])
        let scan = ScanID(UUID())
        fixture.store.state.withLock { $0.activeScans = [scan: APIFixture.project] }
        let headers: HTTPFields = [.requestID: "mine", .forwardedFor: "203.0.113.7", .prefer: "wait=0"]
        for route in ["pause", "resume", "scans/\(scan)/pause"] {
            _ = try await fixture.send(.post, project: route, headers: headers)
        }
        _ = try await fixture.send(
            .post,
            project: "run-nmap",
            headers: headers,
            body: try Fixture.bytes("run-nmap.request")
        )
        fixture.store.state.withLock { state in
            state.onStop = { id, state in
                state.receipts[id] = StopReceipt(revoked: 0, unconfirmed: 0, finishing: 0)
            }
        }
        _ = try await fixture.send(.post, project: "stop-nmap", headers: headers)
        let caller = CallerHasher(serviceToken: "service-token").id(of: BearerToken(APIFixture.token)).description
        let requesters = fixture.store.state.withLock { $0.requesters }
        #expect(requesters.count == 5)
        for requester in requesters {
            #expect(requester.caller == caller && requester.address == "203.0.113.7" && requester.request == "mine")
        }
    }

    @Test("entries are listed latest first, page by page, each once")
    func paging() async throws {
        let fixture = APIFixture()
        fixture.store.state.withLock { $0.audit[APIFixture.project] = (0..<5).reversed().map { entry($0) } }
        var seen: [JSONValue] = []
        var after: String?
        repeat {
            let query = after.map { "&after=\($0)" } ?? ""
            let page = try await fixture.send(.get, project: "audit?limit=2\(query)")
            guard case .array(let entries) = page.body["entries"] else { throw CancellationError() }
            seen += entries.map { $0["request_id"] }
            if case .string(let next) = page.body["next"] { after = next } else { after = nil }
        } while after != nil
        #expect(seen == ["r-4", "r-3", "r-2", "r-1", "r-0"])
    }

    @Test("an entry says when, who, what and from where")
    func fields() async throws {
        let fixture = APIFixture()
        let earlier = ScanID(UUID())
        let requeue = AuditEntry(
            id: StreamPosition(milliseconds: 1_700_000_000_123, number: 4),
            action: .requeue,
            requester: Requester(caller: "0123456789ab", address: nil, request: "r"),
            scans: [earlier],
            scanCount: 1,
            requeues: earlier
        )
        fixture.store.state.withLock { $0.audit[APIFixture.project] = [requeue] }
        let entry = try await fixture.send(.get, project: "audit").body["entries"][0]
        #expect(
            entry
                == [
                    "id": "1700000000123-4", "at": "2023-11-14T22:13:20.123Z", "action": "requeue",
                    "caller": "0123456789ab", "request_id": "r", "scans": [.string("\(earlier)")], "scans_total": 1,
                    "requeues": .string("\(earlier)"),
                ]
        )
    }

    @Test("another project's audit is its own")
    func isolation() async throws {
        let fixture = APIFixture()
        fixture.store.state.withLock { $0.audit[.other] = [entry(0)] }
        #expect(try await fixture.send(.get, project: "audit").body == ["entries": []])
    }

    @Test(
        "a page that cannot be is refused",
        arguments: ["limit=0", "limit=1001", "after=1", "after=x-0", "after=1-0-0", "after=99999999999999999999-0"]
    )
    func badQuery(query: String) async throws {
        #expect(try await APIFixture().send(.get, project: "audit?\(query)").status == 422)
    }
}
