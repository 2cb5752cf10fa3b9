import AddressSpace
import Foundation
import HTTPTypes
import PropertyTesting
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("Targets page by page")
struct TargetPageTests {
    private let fixture = APIFixture()

    private func page(_ id: ScanID, _ query: String = "") async throws -> JSONValue {
        let answer = try await fixture.send(.get, project: "scans/\(id)/targets\(query)")
        #expect(answer.status == 200)
        return answer.body
    }

    private func addresses(_ page: JSONValue) -> [JSONValue] {
        guard case .array(let targets) = page["targets"] else { return [] }
        return targets.map { $0["ip"] }
    }

    private func text(_ target: Int) -> JSONValue {
        .string("\(SampleReport.address(target))")
    }

    @Test("a page has the report's objects, and says where to go on")
    func shape() async throws {
        let sample = SampleReport(
            standings: [.done, .failed, .pending],
            remarks: [1: .init(reason: .lost, detail: nil)]
        )
        sample.put(in: fixture.store)
        let first = try await page(sample.id, "?limit=2")
        #expect(first["targets"][0] == .object(["ip": text(0), "hostnames": [], "outcome": "done"]))
        #expect(first["targets"][1]["reason"] == "lost")
        guard case .string(let next) = first["next"] else {
            Issue.record("no next: \(first)")
            return
        }
        let second = try await page(sample.id, "?limit=2&after=\(next)")
        #expect(addresses(second) == [text(2)])
        #expect(second["next"] == .null && second.names == ["targets", "next"])
    }

    @Test("without a limit a page has a hundred entries")
    func standardLimit() async throws {
        let sample = SampleReport(standings: Array(repeating: .pending, count: 101))
        sample.put(in: fixture.store)
        #expect(addresses(try await page(sample.id)).count == 100)
    }

    @Test(
        "outcomes are picked by repeating the parameter, with commas, or both",
        arguments: [
            ("outcome=failed", [1]), ("outcome=failed,done", [0, 1]), ("outcome=failed&outcome=done", [0, 1]),
            ("outcome=parked,in_flight&outcome=failed", [1, 2, 3]), ("outcome=cancelled", []),
        ]
    )
    func filters(query: String, expected: [Int]) async throws {
        let sample = SampleReport(standings: [.done, .failed, .inFlight, .parked, .pending])
        sample.put(in: fixture.store)
        #expect(addresses(try await page(sample.id, "?\(query)")) == expected.map(text))
    }

    @Test(
        "what cannot be a query is a 422 that names the parameter",
        arguments: [
            ("outcome=open", "outcome"), ("outcome=", "outcome"), ("outcome=done,", "outcome"), ("limit=0", "limit"),
            ("limit=1001", "limit"), ("limit=ten", "limit"), ("after=-1", "after"), ("after=x", "after"),
            ("after=18446744073709551616", "after"),
        ]
    )
    func badQueries(query: String, name: String) async throws {
        let answer = try await fixture.send(.get, project: "scans/\(ScanID(UUID()))/targets?\(query)")
        #expect(answer.status == 422)
        #expect(answer.body["detail"][0]["loc"] == ["query", .string(name)])
    }

    @Test("a place after the end has nothing behind it", arguments: ["3", "18446744073709551615"])
    func afterTheEnd(place: String) async throws {
        let sample = SampleReport(standings: [.done, .done, .done])
        sample.put(in: fixture.store)
        let page = try await page(sample.id, "?after=\(place)")
        #expect(page["targets"] == [] && page["next"] == .null)
    }

    @Test("pages go on over the borders of chunks, and read no chunk that they need not")
    func chunks() async throws {
        var standings = [TargetStanding](repeating: .done, count: 3 * 65_536 + 5)
        let failed = [65_534, 65_535, 65_536, 65_537, 3 * 65_536 - 1, 3 * 65_536, 3 * 65_536 + 4]
        for target in failed { standings[target] = .failed }
        let sample = SampleReport(standings: standings)
        sample.put(in: fixture.store)
        let first = try await page(sample.id, "?outcome=failed&limit=2")
        #expect(addresses(first) == failed.prefix(2).map(text))
        #expect(fixture.store.state.withLock { $0.chunksRead } == [0])
        guard case .string(let next) = first["next"] else { return }
        let second = try await page(sample.id, "?outcome=failed&limit=1000&after=\(next)")
        #expect(addresses(second) == failed.dropFirst(2).map(text))
        #expect(fixture.store.state.withLock { $0.chunksRead } == [0, 1, 2, 3])
    }

    @Test("a page that finds nothing ends after a bounded search, and can be gone on from")
    func boundedWork() async throws {
        let limit = TargetPage.chunkLimit
        let lower: UInt32 = 0x1400_0000
        let count = UInt32((limit + 2) * ScanStore.outcomesPerChunk)
        let id = ScanID(UUID())
        let report = ScanReport(
            id: id,
            plan: Plan(targets: AddressSet([.v4(lower...(lower + count - 1))]), hostnames: [:], seed: 1),
            refusals: PlanRefusals()
        )
        fixture.store.state.withLock { state in
            state.reports[id] = (APIFixture.project, report)
            state.moments[id] = (APIFixture.project, ScanMoment(state: .running))
            state.outcomes[id] = [limit + 1: [0b11]]
        }
        let first = try await page(id, "?outcome=failed")
        #expect(first["targets"] == [])
        #expect(fixture.store.state.withLock { $0.chunksRead.count } == limit)
        guard case .string(let next) = first["next"] else {
            Issue.record("no next: \(first)")
            return
        }
        let second = try await page(id, "?outcome=failed&after=\(next)")
        #expect(second["targets"][0]["ip"] == .string("\(report.plan.address(of: (limit + 1) * 65_536 + 3))"))
        #expect(second["next"] == .null)
    }

    @Test("refusals alone are found without a look at any outcome")
    func refusals() async throws {
        var sample = SampleReport(standings: Array(repeating: .done, count: 100))
        sample.refusals.groups = [.init(reason: .privateIP, addresses: AddressSet([.v4(10...12)]))]
        sample.refusals.unresolvable = ["x.test"]
        sample.put(in: fixture.store)
        let page = try await page(sample.id, "?outcome=refused&limit=4")
        #expect(addresses(page) == ["0.0.0.10", "0.0.0.11", "0.0.0.12", .null])
        #expect(page["next"] == .null)
        #expect(fixture.store.state.withLock { $0.chunksRead.isEmpty })
    }

    @Test("remarks are read on a page's own targets alone")
    func remarks() async throws {
        let remark = ScanReport.Remark(reason: .lost, detail: nil)
        let sample = SampleReport(standings: [.failed, .done, .failed, .failed], remarks: [0: remark, 2: remark])
        sample.put(in: fixture.store)
        let page = try await page(sample.id, "?outcome=failed&limit=2&after=1")
        #expect(addresses(page) == [text(2), text(3)])
        #expect(page["targets"][0]["reason"] == "lost" && page["targets"][1]["reason"] == .null)
        #expect(fixture.store.state.withLock { $0.remarksRead } == [[2, 3]])
    }

    @Test("all pages together are the part of the report that was asked for, whatever is asked for")
    func model() async throws {
        let store = fixture.store
        try await forAll { generator in
            let sample = SampleReport.random(using: &generator)
            sample.put(in: store)
            let layout = ReportLayout(sample.report)
            var query = TargetQuery()
            query.limit = Int.random(in: 1...7, using: &generator)
            if Bool.random(using: &generator) {
                query.standings = query.standings.filter { _ in Bool.random(using: &generator) }
            }
            var everything = layout.targets(of: sample)
            everything += layout.refusedAddresses(from: 0)
            everything += layout.unresolvableNames(from: 0)
            var found: [ReportEntry] = []
            while true {
                let page = try await TargetPage.read(query, of: layout, at: sample.moment, from: store)
                guard page.entries.count <= query.limit else {
                    return "\(page.entries.count) entries, not \(query.limit)"
                }
                found += page.entries
                guard let next = page.next else { break }
                guard next > query.first else { return "no progress at \(next)" }
                query.first = next
            }
            store.state.withLock { $0 = MemoryStore.State() }
            return found == everything.filter { query.standings.contains($0.standing) } ? nil : "\(sample), \(query)"
        }
    }
}

extension ReportLayout {
    /// The entries of all targets of a plan of one chunk or none.
    fileprivate func targets(of sample: SampleReport) -> [ReportEntry] {
        guard let outcomes = sample.outcomes[0] else { return [] }
        let standings = report.standings(inChunk: 0, outcomes: outcomes, at: sample.moment)
        return Array(targets(inChunk: 0, standings, remarks: sample.remarks))
    }
}

extension SampleReport {
    /// A small report in which everything may be.
    fileprivate static func random(using generator: inout SeededGenerator) -> SampleReport {
        let standings: [TargetStanding] = [.pending, .inFlight, .parked, .done, .donePartial, .failed]
        var sample = SampleReport(
            standings: (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                standings.randomElement(using: &generator)!
            }
        )
        for group in 0..<UInt32.random(in: 0...3, using: &generator) {
            let lower = 100 * group
            let addresses = AddressSet([.v4(lower...(lower + .random(in: 0...5, using: &generator)))])
            sample.refusals.groups.append(.init(reason: .privateIP, addresses: addresses))
        }
        for target in sample.standings.indices where Bool.random(using: &generator) {
            sample.remarks[target] = .init(reason: .lost, detail: "\(target)")
        }
        sample.refusals.unresolvable = (0..<Int.random(in: 0...3, using: &generator)).map { "name-\($0).test" }
        return sample
    }
}
