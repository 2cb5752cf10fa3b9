import AddressSpace
import Foundation
import HTTPTypes
import Hummingbird
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("The report of a scan")
struct ReportRouteTests {
    private let fixture = APIFixture()
    private let covering = ScanID(UUID())

    /// One target of every standing that a running scan has, and a refusal of every kind.
    private var sample: SampleReport {
        SampleReport(
            standings: [.pending, .inFlight, .parked, .done, .donePartial, .failed, .failed],
            hostnames: [SampleReport.address(5): ["a.test", "b.test"]],
            refusals: PlanRefusals(
                groups: [
                    .init(reason: .privateIP, addresses: AddressSet([.v4(0x0A00_0001...0x0A00_0002)])),
                    .init(reason: .forbidden, addresses: AddressSet()),
                    .init(
                        reason: .alreadyInQueue,
                        coveringScan: covering,
                        addresses: AddressSet([.v4(0x0900_0000...0x0900_0000)])
                    ),
                ],
                unresolvable: ["x.test", "y.test"],
                hostnames: [.v4(0x0A00_0002): ["intern.test"]]
            ),
            remarks: [
                4: .init(reason: .tooManyPorts, detail: nil),
                5: .init(reason: .workerError, detail: "exit 1:\n\"no route\""),
            ]
        )
    }

    private func path(_ id: ScanID, _ route: String = "report", project: ProjectID = APIFixture.project) -> String {
        "/tasks/\(project)/scans/\(id)/\(route)"
    }

    private func lines(_ id: ScanID) async throws -> [String] {
        let response = try await fixture.respond(.get, path(id))
        #expect(response.status == .ok)
        let text = String(decoding: Array(try await APIFixture.blocks(of: response).joined()), as: UTF8.self)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test("a report has a line for every target, then for every refused address, then for every name without one")
    func everything() async throws {
        let sample = sample
        sample.put(in: fixture.store)
        #expect(
            try await lines(sample.id) == [
                #"{"ip":"20.0.0.1","hostnames":[],"outcome":"pending"}"#,
                #"{"ip":"20.0.0.2","hostnames":[],"outcome":"in_flight"}"#,
                #"{"ip":"20.0.0.3","hostnames":[],"outcome":"parked"}"#,
                #"{"ip":"20.0.0.4","hostnames":[],"outcome":"done"}"#,
                #"{"ip":"20.0.0.5","hostnames":[],"outcome":"done_partial","reason":"too_many_ports"}"#,
                #"{"ip":"20.0.0.6","hostnames":["a.test","b.test"],"outcome":"failed","reason":"worker_error","#
                    + #""detail":"exit 1:\n\"no route\""}"#,
                #"{"ip":"20.0.0.7","hostnames":[],"outcome":"failed"}"#,
                #"{"ip":"10.0.0.1","hostnames":[],"outcome":"refused","reason":"private_ip"}"#,
                #"{"ip":"10.0.0.2","hostnames":["intern.test"],"outcome":"refused","reason":"private_ip"}"#,
                #"{"ip":"9.0.0.0","hostnames":[],"outcome":"refused","reason":"already_in_queue","#
                    + #""covered_by":"\#(covering)"}"#,
                #"{"ip":null,"hostnames":["x.test"],"outcome":"refused","reason":"unresolvable"}"#,
                #"{"ip":null,"hostnames":["y.test"],"outcome":"refused","reason":"unresolvable"}"#,
            ]
        )
    }

    @Test("a report is a file with a name")
    func headers() async throws {
        let sample = sample
        sample.put(in: fixture.store)
        let headers = try await fixture.respond(.get, path(sample.id)).headers
        #expect(headers[.contentType] == "application/x-ndjson")
        #expect(headers[.contentDisposition] == "attachment; filename=\"scan-\(sample.id).jsonl\"")
        #expect(headers[.contentEncoding] == nil && headers[.vary] == "Accept-Encoding")
    }

    @Test(
        "a target without an outcome is cancelled once the scan was stopped, and pending before and in a dry run",
        arguments: ScanState.allCases
    )
    func withoutOutcome(state: ScanState) async throws {
        let isOver = [.stopping, .stopped, .completed, .failed].contains(state)
        let sample = SampleReport(state: state, standings: [.pending, .done])
        sample.put(in: fixture.store)
        let lines = try await lines(sample.id)
        #expect(lines.first?.contains(isOver ? #""outcome":"cancelled""# : #""outcome":"pending""#) == true)
        #expect(lines.last?.contains(#""outcome":"done""#) == true)
    }

    @Test("an outcome that was written after the report began is shown, not what was before it")
    func laterOutcome() {
        let report = ScanReport(
            id: ScanID(UUID()),
            plan: Plan(targets: AddressSet([.v4(1...5)]), hostnames: [:], seed: 1),
            refusals: PlanRefusals()
        )
        let moment = ScanMoment(state: .running, inFlight: [0, 1, 65_536], parked: [2, 3, 9])
        let standings = report.standings(inChunk: 0, outcomes: [0b01_00_11_00, 0xFF, 0xFF], at: moment)
        #expect(standings == [.done, .inFlight, .failed, .parked, .failed])
    }

    @Test("a remark that was written after the outcomes were read is left out, for it is on what is not shown yet")
    func earlyRemark() async throws {
        let remark = ScanReport.Remark(reason: .lost, detail: nil)
        let sample = SampleReport(
            standings: [.pending, .inFlight, .parked, .failed],
            remarks: [0: remark, 1: remark, 2: remark, 3: remark]
        )
        sample.put(in: fixture.store)
        #expect(try await lines(sample.id).map { $0.contains("lost") } == [false, false, false, true])
    }

    @Test("a plan without targets has a report of its refusals alone")
    func noTargets() async throws {
        var sample = sample
        sample.standings = []
        sample.put(in: fixture.store)
        #expect(try await lines(sample.id).count == 5)
        #expect(fixture.store.state.withLock { $0.chunksRead.isEmpty })
    }

    @Test("a long report is written in blocks of one size, chunk after chunk, and every line of it is there")
    func blocks() async throws {
        let outcomes: [TargetStanding] = [.pending, .done, .donePartial, .failed]
        let sample = SampleReport(standings: (0..<70_000).map { outcomes[$0 / 3 % 4] })
        sample.put(in: fixture.store)
        let blocks = try await APIFixture.blocks(of: try await fixture.respond(.get, path(sample.id)))
        #expect(
            blocks.dropLast().allSatisfy { (BlockWriter.blockSize..<(BlockWriter.blockSize + 256)).contains($0.count) }
        )
        #expect(fixture.store.state.withLock { $0.chunksRead } == [0, 1])
        let lines = Array(blocks.joined()).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == sample.standings.count)
        for target in [0, 1, 65_535, 65_536, 65_537, 69_999] {
            let standing = sample.standings[target].rawValue
            let line = #"{"ip":"\#(SampleReport.address(target))","hostnames":[],"outcome":"\#(standing)"}"#
            #expect(String(decoding: lines[target], as: UTF8.self) == line)
        }
    }

    @Test("a report that breaks off is not ended as if it were whole")
    func storeGoesAway() async throws {
        let sample = SampleReport(standings: Array(repeating: .done, count: 70_000))
        sample.put(in: fixture.store)
        fixture.store.state.withLock { $0.chunksUntilAway = 1 }
        let response = try await fixture.respond(.get, path(sample.id))
        await #expect(throws: StoreError.self) { try await APIFixture.blocks(of: response) }
    }

    @Test(
        "gzip is used where the caller takes it",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5", true), ("GZIP", true), ("*", true), ("x-gzip", true),
            ("gzip;q=0", false), ("gzip;q=0, *", false), ("*;q=0", false), ("identity", false), ("br", false),
            ("", false),
        ]
    )
    func negotiation(accepted: String, isCompressed: Bool) async throws {
        let sample = sample
        sample.put(in: fixture.store)
        let response = try await fixture.respond(.get, path(sample.id), headers: [.acceptEncoding: accepted])
        #expect((response.headers[.contentEncoding] == "gzip") == isCompressed)
        let first = try await APIFixture.blocks(of: response).first
        #expect(first?.starts(with: [0x1F, 0x8B]) == isCompressed)
    }

    @Test("a compressed report is the report, in a fraction of its size")
    func compressed() async throws {
        let sample = SampleReport(standings: Array(repeating: .done, count: 20_000))
        sample.put(in: fixture.store)
        let plain = try await APIFixture.blocks(of: try await fixture.respond(.get, path(sample.id))).joined()
        let response = try await fixture.respond(.get, path(sample.id), headers: [.acceptEncoding: "gzip"])
        let gzip = Array(try await APIFixture.blocks(of: response).joined())
        #expect(gzip.count * 5 < plain.count)
        // RFC 1952, section 2.3: the trailer has the checksum and the size of what was compressed, low bytes first.
        let trailer = gzip.suffix(8).reversed().reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
        #expect(trailer == UInt64(plain.count) << 32 | UInt64(checksum(plain)))
    }

    /// CRC-32 as in RFC 1952, section 8, bit by bit.
    private func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~remainder
    }

    @Test("another project's scan has no report and no targets here", arguments: ["report", "targets"])
    func isolation(route: String) async throws {
        let sample = sample
        sample.put(in: fixture.store, project: .other)
        fixture.store.state.withLock { $0.progress = [.sample(sample.id, .running, project: .other)] }
        let answer = try await fixture.send(.get, path(sample.id, route))
        #expect(answer.status == 404 && answer.body["detail"] == "Scan not found")
        #expect(try await fixture.respond(.get, path(sample.id, route, project: .other)).status == .ok)
    }

    @Test(
        "without a plan there is a 409 that says why, and whether to come again",
        arguments: [
            (ScanState.planning, "the scan has no plan yet", true), (.waitingForDNS, "the scan has no plan yet", true),
            (.failed, "the plan is too large", false), (.stopped, "the scan was stopped before it had a plan", false),
        ]
    )
    func withoutPlan(state: ScanState, detail: String, mayComeAgain: Bool) async throws {
        let id = ScanID(UUID())
        fixture.store.state.withLock { $0.progress = [.sample(id, state, detail: "the plan is too large")] }
        for route in ["report", "targets"] {
            let answer = try await fixture.send(.get, path(id, route))
            #expect(answer.status == 409 && answer.body["detail"] == .string(detail))
            #expect(answer.headers[.retryAfter] == (mayComeAgain ? "2" : nil))
        }
    }
}
