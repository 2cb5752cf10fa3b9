import AddressSpace
import Foundation
import HTTPTypes
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Requeueing what was refused")
struct RequeueRouteTests {
    private let fixture = APIFixture()
    private let body = Array(#"{"refused": true}"#.utf8)

    /// A scan that refused an address for a reason.
    private func scan(refusing reason: RefusalReason, project: ProjectID = APIFixture.project) throws -> ScanID {
        var sample = SampleReport(standings: [.done])
        sample.refusals.groups = [
            .init(reason: reason, coveringScan: ScanID(UUID()), addresses: AddressSet([.v4(0x1400_0009...0x1400_0009)]))
        ]
        sample.put(in: fixture.store, project: project)
        var request = try ScanRequestReader.read(
            try Fixture.bytes("run-nmap.request"),
            limits: ScanRequestReaderTests.limits
        )
        request.isDryRun = true
        request.priority = 7
        fixture.store.state.withLock { state in
            state.requests[sample.id] = (project, request)
            state.progress.append(.sample(sample.id, .completed, project: project))
        }
        return sample.id
    }

    @Test("a requeue is a new scan of the same request, that names the old one and is no dry run")
    func requeue() async throws {
        let id = try scan(refusing: .alreadyInQueue)
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue", body: body)
        #expect(answer.status == 202)
        let submitted = try #require(fixture.store.state.withLock { $0.submitted.first })
        #expect(submitted.id != id && submitted.project == APIFixture.project)
        var expected = try #require(fixture.store.state.withLock { $0.requests[id]?.request })
        expected.isDryRun = false
        expected.requeues = Requeue(.refused, of: id)
        #expect(submitted.request == expected)
        #expect(answer.body["scan_id"] == .string("\(submitted.id)"))
        #expect(answer.body["report"] == .string("/tasks/\(APIFixture.project)/scans/\(submitted.id)/report"))
        #expect(answer.headers[.location] == "/tasks/\(APIFixture.project)/scans/\(submitted.id)")
    }

    @Test("a requeue under the same key is carried out once")
    func idempotency() async throws {
        let id = try scan(refusing: .alreadyInQueue)
        for isReplay in [false, true] {
            let headers: HTTPFields = [.idempotencyKey: "k-1"]
            let answer = try await fixture.send(.post, project: "scans/\(id)/requeue", headers: headers, body: body)
            #expect(answer.status == 202)
            #expect((answer.headers[.idempotencyReplayed] == "true") == isReplay)
        }
        #expect(fixture.store.state.withLock { $0.submitted.count } == 1)
    }

    @Test("a scan that refused nothing as already in queue is a 409")
    func nothingRefused() async throws {
        let id = try scan(refusing: .privateIP)
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue", body: body)
        #expect(answer.status == 409)
        #expect(answer.body["detail"] == "nothing of this scan was refused as already in queue")
    }

    @Test("what failed is a new scan too, which merges as an update where known hosts would be skipped")
    func requeueFailed() async throws {
        let id = try scan(refusing: .privateIP)
        fixture.store.state.withLock { state in
            state.requests[id]?.request.mode = .insert
            state.progress[0].counts.planned = 3
            state.progress[0].counts.donePartial = 1
        }
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue-failed")
        #expect(answer.status == 202)
        let submitted = try #require(fixture.store.state.withLock { $0.submitted.first })
        #expect(submitted.request.requeues == Requeue(.failed, of: id))
        #expect(submitted.request.mode == .update && !submitted.request.isDryRun)
    }

    @Test("a scan of which nothing failed is a 409, another project's is not found")
    func nothingFailed() async throws {
        let id = try scan(refusing: .privateIP)
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue-failed")
        #expect(answer.status == 409)
        let foreign = try scan(refusing: .privateIP, project: .other)
        #expect(try await fixture.send(.post, project: "scans/\(foreign)/requeue-failed").status == 404)
        #expect(fixture.store.state.withLock { $0.submitted.isEmpty })
    }

    @Test("a scan without a plan is a 409")
    func noPlan() async throws {
        let id = ScanID(UUID())
        fixture.store.state.withLock { $0.progress = [.sample(id, .planning)] }
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue", body: body)
        #expect(answer.status == 409 && answer.body["detail"] == "the scan has no plan yet")
    }

    @Test("another project's scan, and one that nobody has, is not found")
    func isolation() async throws {
        let foreign = try scan(refusing: .alreadyInQueue, project: .other)
        for id in [foreign, ScanID(UUID())] {
            #expect(try await fixture.send(.post, project: "scans/\(id)/requeue", body: body).status == 404)
        }
        #expect(fixture.store.state.withLock { $0.submitted.isEmpty })
    }

    @Test(
        "anything but a yes to the refused is a 422 that names the field",
        arguments: [
            (#"{"refused": false}"#, "literal_error"), (#"{"refused": 1}"#, "bool_type"), ("{}", "missing"),
            (#"{"refused": true, "hosts": []}"#, "extra_forbidden"), ("", "json_invalid"),
            ("[]", "model_attributes_type"),
        ]
    )
    func badBodies(body: String, type: String) async throws {
        let id = try scan(refusing: .alreadyInQueue)
        let answer = try await fixture.send(.post, project: "scans/\(id)/requeue", body: Array(body.utf8))
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0]["type"] == .string(type))
        #expect(fixture.store.state.withLock { $0.submitted.isEmpty })
    }
}
