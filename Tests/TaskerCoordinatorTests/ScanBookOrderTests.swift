import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// Who goes first: projects by turns, scans by priority and age, begun targets before fresh ones.
struct ScanBookOrderTests {
    private let book = ScanBook(politeness: .none)
    private let first = ProjectID(UUID())
    private let second = ProjectID(UUID())

    @Test("within a project the scan of the higher priority goes first, then the older one")
    func priority() async throws {
        var random = SeededGenerator(seed: 1)
        let ids = (0..<3).map { ScanID.make(atMilliseconds: $0, using: &random) }
        let (old, young, urgent) = (ids[0], ids[1], ids[2])
        await book.adopt(.running(young, of: first, targets: 2))
        await book.adopt(.running(old, of: first, targets: 2))
        await book.adopt(.running(urgent, of: first, targets: 2, priority: 9))
        #expect(await book.dispatchAll(window: 100).map(\.scan) == [urgent, urgent, old, old, young, young])
    }

    @Test("what was begun goes before fresh targets of a scan of higher priority")
    func begunFirst() async throws {
        let begun = ActiveScan.running(of: first, targets: 2, cursor: 1, priority: 0, tasks: [(0, .services, .ready)])
        await book.adopt(.running(of: first, targets: 2, priority: 9))
        await book.adopt(begun)
        let tasks = await book.dispatchAll(window: 100)
        #expect(tasks.first == begun.tasks[0].task)
        #expect(tasks.map(\.scan).last == begun.id)
    }

    @Test(
        "a second project's single host goes at once although the first fills all it may",
        arguments: [16, 64, 4_096]
    )
    func newcomer(window: Int) async throws {
        await book.adopt(.running(of: first, targets: 1 << 24))
        let filled = await book.dispatchAll(window: window)
        #expect(filled.count == window - window / 8)
        await book.adopt(.running(of: second, targets: 1))
        #expect(await book.dispatch(window: window)?.count == 1)
        #expect(await book.dispatch(window: window) == nil)
    }

    @Test("targets that fail as fast as they are sent never overrun the window, and a newcomer goes at once")
    func fastFailures() async throws {
        let clock = ManualClock()
        let book = ScanBook(politeness: .none) { clock.now }
        await book.adopt(.running(of: first, targets: 1_000))
        for round in 0..<200 {
            let sent = await book.dispatchAll(window: 64)
            #expect(await book.inFlight == 56, "in round \(round)")
            let retries = sent.map { Parking(task: $0, nextAttempt: $0.attempt + 1, notBefore: 0) }
            await book.parked(retries, until: clock.now + .seconds(round % 7))
            clock.advance(by: .seconds(1))
        }
        _ = await book.dispatchAll(window: 64)
        await book.adopt(.running(of: second, targets: 1))
        #expect(await book.dispatchAll(window: 64).map(\.target) == [0])
    }

    @Test("two projects that always have something to send get equal shares as places come free")
    func equalShares() async throws {
        var random = SeededGenerator(seed: 41)
        let scans = [ActiveScan.running(of: first, targets: 1 << 20), .running(of: second, targets: 1 << 20)]
        await book.adopt(scans[0])
        var inFlight = await book.dispatchAll(window: 64)
        await book.adopt(scans[1])
        var sent: [ScanID: Int] = [:]
        for step in 0..<10_000 {
            let done = inFlight.remove(at: Int.random(in: inFlight.indices, using: &random))
            await book.settled([done])
            let tasks = await book.dispatchAll(window: 64)
            inFlight += tasks
            #expect(inFlight.count <= 64)
            if step >= 1_000 { for task in tasks { sent[task.scan, default: 0] += 1 } }
        }
        let (one, two) = (sent[scans[0].id, default: 0], sent[scans[1].id, default: 0])
        #expect(one + two > 8_900)
        #expect(abs(one - two) <= 200, "\(one) to \(two)")
    }

    @Test("a turn outlasts a full window: projects alternate by quanta, however the places come free")
    func turnsInAFullWindow() async throws {
        await book.adopt(.running(of: first, targets: 1 << 20))
        var inFlight = await book.dispatchAll(window: 1_024)[...]
        await book.adopt(.running(of: second, targets: 1 << 20))
        var runs: [(scan: ScanID, count: Int)] = []
        for _ in 0..<5_000 {
            await book.settled([inFlight.removeFirst()])
            for task in await book.dispatchAll(window: 1_024) {
                inFlight.append(task)
                if runs.last?.scan == task.scan {
                    runs[runs.count - 1].count += 1
                } else {
                    runs.append((task.scan, 1))
                }
            }
        }
        #expect(runs.count > 50)
        #expect(runs.dropFirst(10).dropLast().allSatisfy { $0.count == 64 })
    }

    @Test("a project that has nothing but retries keeps its turn while the window is full")
    func retriesKeepTheTurn() async throws {
        await book.adopt(.running(of: first, targets: 9))
        await book.adopt(.running(of: second, targets: 9))
        let sent = try #require(await book.dispatch(window: 10))
        #expect(sent.count == 9)
        await book.parked([Parking(task: sent[0], nextAttempt: 2, notBefore: 0)], until: ContinuousClock().now)
        #expect(await book.dispatch(window: 8) == nil)
        #expect(await book.turns.members == [first, second])
    }

    @Test("a small scan beside a huge one is through in the time of two of its kind")
    func smallBesideHuge() async throws {
        var random = SeededGenerator(seed: 43)
        await book.adopt(.running(of: first, targets: 1 << 24))
        var inFlight = await book.dispatchAll(window: 64)
        let small = ActiveScan.running(of: second, targets: 200)
        await book.adopt(small)
        var steps = 0
        while await book.entry(small.id) != nil, steps < 1_000 {
            let done = inFlight.remove(at: Int.random(in: inFlight.indices, using: &random))
            await book.settled([done])
            inFlight += await book.dispatchAll(window: 64)
            steps += 1
        }
        #expect(steps < 700)
    }

    @Test("services of a project whose turn it is not go at once in a full window")
    func readyOutOfTurn() async throws {
        let scan = ActiveScan.running(of: second, targets: 1, cursor: 1, tasks: [(0, .openPorts, .started)])
        await book.adopt(.running(of: first, targets: 1_000))
        await book.adopt(scan)
        _ = await book.dispatchAll(window: 16)
        #expect(await book.dispatch(window: 16) == nil)
        await book.ready(after: scan.tasks[0].task)
        #expect(await book.dispatch(window: 16)?.map(\.phase) == [.services])
    }
}
