import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct ScanBookPauseTests {
    private let clock = ManualClock()
    private let book: ScanBook
    private let project = ProjectID(UUID())

    init() {
        book = ScanBook(politeness: PolitenessLimits(perTarget: 0, perNetwork: 2)) { [clock] in clock.now }
    }

    @Test("nothing is chosen from a paused scan until it is resumed; others go on")
    func pause() async throws {
        let (one, two) = (ActiveScan.running(of: project, targets: 1), ActiveScan.running(of: project, targets: 1))
        await book.adopt(one)
        await book.adopt(two)
        await book.pace(paused: [one.id], of: project)
        #expect(await book.dispatchAll(window: 16).map(\.scan) == [two.id])
        await book.pace(paused: [], of: project)
        #expect(await book.dispatchAll(window: 16).map(\.scan) == [one.id])
    }

    @Test("a new leader finds a scan paused")
    func takeover() async throws {
        await book.adopt(.running(of: project, isPaused: true))
        #expect(await book.dispatch(window: 16) == nil)
        #expect(await book.nextDue == nil)
    }

    @Test("what the broker still has is named, parked, and sent again as the same attempt")
    func takenBack() async throws {
        let scan = ActiveScan.running(
            of: project,
            targets: 4,
            cursor: 4,
            tasks: [(0, .openPorts, .queued), (1, .openPorts, .started), (2, .openPorts, .parked)]
        )
        await book.adopt(scan)
        await book.pace(paused: [scan.id], of: project)
        let queued = scan.tasks[0].task
        #expect(await book.outstandingWithBroker(of: [scan.id]) == [queued])
        await book.parked([Parking(task: queued, nextAttempt: 1, notBefore: 0)], until: clock.now)
        #expect(await book.nextDue == nil, "a paused scan wakes nobody")
        #expect(await book.dispatch(window: 16) == nil)
        await book.pace(paused: [], of: project)
        #expect(await book.dispatchAll(window: 16).map(\.attempt) == [1])
    }

    @Test("targets between the phases of a paused scan take nobody's place, and wait for one once it is resumed")
    func betweenThePhases() async throws {
        let paused = ActiveScan.running(
            of: project,
            targets: 2,
            cursor: 2,
            tasks: [(0, .services, .ready), (1, .openPorts, .started)]
        )
        let other = ActiveScan.running(of: project, targets: 5)
        await book.adopt(paused)
        await book.adopt(other)
        await book.pace(paused: [paused.id], of: project)
        await book.ready(after: paused.tasks[1].task)
        #expect(await book.inFlight == 0)
        let sent = await book.dispatchAll(window: 16)
        #expect(sent.map(\.scan) == [other.id, other.id])
        await book.pace(paused: [], of: project)
        #expect(await book.dispatch(window: 16) == nil)
        await book.settled(sent)
        #expect(Set(await book.dispatchAll(window: 16).map(\.scan)) == [paused.id])
    }

    @Test("a snapshot from before a resume is out of date, also where the pause never reached the book")
    func resumeOvertakesSnapshot() async throws {
        let scan = ActiveScan.running(of: project)
        await book.adopt(scan)
        let known = try #require(await book.backlogs[scan.id])
        await book.pace(paused: [], of: project)
        await book.correct(known, by: .init(isStopRequested: false, isPaused: true, cursor: 0, tasks: [:]))
        #expect(await book.nextBatch(window: 16, atMost: 16) != nil)
    }
}
