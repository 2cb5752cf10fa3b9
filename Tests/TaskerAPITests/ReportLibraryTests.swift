import AddressSpace
import Foundation
import HTTPTypes
import PropertyTesting
import ScanModel
import Synchronization
import Testing

@testable import ScanStore
@testable import TaskerAPI

@Suite("What reports are made of")
struct ReportLibraryTests {
    private let fixture = APIFixture()
    private var store: MemoryStore { fixture.store }
    private var reads: Int { store.state.withLock { $0.reportsRead } }

    private func pages(of id: ScanID, project: ProjectID = APIFixture.project) async throws -> APIFixture.Answer {
        try await fixture.send(.get, "/tasks/\(project)/scans/\(id)/targets?limit=1")
    }

    @Test("the plan and the refusals are read once for all pages and reports; where targets stand is read every time")
    func once() async throws {
        var sample = SampleReport(standings: [.pending, .pending])
        sample.put(in: store)
        #expect(try await pages(of: sample.id).body["targets"][0]["outcome"] == "pending")
        for standing in [TargetStanding.inFlight, .parked, .done] {
            sample.standings[0] = standing
            sample.put(in: store)
            #expect(try await pages(of: sample.id).body["targets"][0]["outcome"] == .string(standing.rawValue))
        }
        sample.state = .stopped
        sample.put(in: store)
        let path = "/tasks/\(APIFixture.project)/scans/\(sample.id)/report"
        let lines = try await APIFixture.blocks(of: try await fixture.respond(.get, path)).joined()
        #expect(String(decoding: Array(lines), as: UTF8.self).hasSuffix("\"outcome\":\"cancelled\"}\n"))
        #expect(reads == 1)
    }

    @Test("what is kept of a scan is found through its own project alone")
    func isolation() async throws {
        let sample = SampleReport(standings: [.done])
        sample.put(in: store)
        #expect(try await pages(of: sample.id).status == 200)
        for route in ["targets", "report"] {
            let path = "/tasks/\(ProjectID.other)/scans/\(sample.id)/\(route)"
            let answer = try await fixture.send(.get, path)
            #expect(answer.status == 404 && answer.body["detail"] == "Scan not found")
        }
        #expect(reads == 1)
    }

    @Test("what is kept is not given out to another project even if the store took the scan for its own")
    func isolationInDepth() async throws {
        let sample = SampleReport(standings: [.done])
        sample.put(in: store)
        let library = ReportLibrary(store: store)
        _ = try await library.open(sample.id, in: APIFixture.project)
        store.state.withLock { $0.moments[sample.id]?.project = .other }
        let error = await #expect(throws: APIError.self) { try await library.open(sample.id, in: .other) }
        #expect(error?.status == .notFound)
    }

    @Test("a scan that is gone is gone, although its plan is kept")
    func gone() async throws {
        let sample = SampleReport(standings: [.done])
        sample.put(in: store)
        #expect(try await pages(of: sample.id).status == 200)
        store.state.withLock { ($0.moments, $0.reports) = ([:], [:]) }
        #expect(try await pages(of: sample.id).status == 404)
    }

    @Test("of more scans than are kept, those that were not used for longest are read again")
    func capacity() async throws {
        let library = ReportLibrary(store: store, capacity: 2)
        let samples = (0..<3).map { _ in SampleReport(standings: [.done]) }
        for sample in samples { sample.put(in: store) }
        for index in [0, 1, 0, 2, 0] { _ = try await library.open(samples[index].id, in: APIFixture.project) }
        #expect(reads == 3)
        _ = try await library.open(samples[1].id, in: APIFixture.project)
        #expect(reads == 4)
    }

    @Test("a scan with more names than there is room for is read each time, and pushes no other out")
    func tooLarge() async throws {
        let names = (0..<1_000).map { (IPAddress.v4($0), ["host-\($0).corp.example"]) }
        let large = SampleReport(standings: [.done], hostnames: Dictionary(uniqueKeysWithValues: names))
        let small = SampleReport(standings: [.done])
        for sample in [large, small] { sample.put(in: store) }
        #expect((100_000..<300_000).contains(ReportLayout(large.report).byteCount))
        let library = ReportLibrary(store: store, byteLimit: 50_000)
        for sample in [small, large, large, small] { _ = try await library.open(sample.id, in: APIFixture.project) }
        #expect(reads == 3)
    }
}

@Suite("Map of what was used lately")
struct RecentlyUsedTests {
    @Test("it holds what a list that is searched by hand holds, within both of its bounds")
    func model() async {
        forAll { generator in
            var map = RecentlyUsed<Int, Int>(capacity: 4, weightLimit: 10)
            var model: [(key: Int, value: Int, weight: Int)] = []
            for step in 0..<Int.random(in: 1...20, using: &generator) {
                let key = Int.random(in: 0..<8, using: &generator)
                if Bool.random(using: &generator) {
                    let weight = Int.random(in: 0...12, using: &generator)
                    map.insert(step, for: key, weight: weight)
                    model.removeAll { $0.key == key }
                    if weight <= 10 { model.insert((key, step, weight), at: 0) }
                    while model.count > 4 || model.map(\.weight).reduce(0, +) > 10 { model.removeLast() }
                } else {
                    let found = map.value(for: key)
                    let place = model.firstIndex { $0.key == key }
                    guard found == place.map({ model[$0].value }) else { return "\(key): \(String(describing: found))" }
                    if let place { model.insert(model.remove(at: place), at: 0) }
                }
            }
            return nil
        }
    }
}
