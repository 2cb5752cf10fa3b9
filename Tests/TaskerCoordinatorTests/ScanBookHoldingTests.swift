import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

@Suite("Projects whose results are not imported")
struct ScanBookHoldingTests {
    private let clock = ManualClock()
    private let book: ScanBook

    init() {
        book = ScanBook(politeness: .none) { [clock] in clock.now }
    }

    @Test("nothing more of such a project is dispatched, and what it has in flight takes no room from others")
    func holdingBack() async {
        let (stuck, other) = (ProjectID(UUID()), ProjectID(UUID()))
        await book.adopt(.running(of: stuck, targets: 100))
        #expect(await book.dispatchAll(window: 64).count == 56, "all but the reserve")
        await book.adopt(.running(of: other, targets: 100))
        await book.holdBack(stuck, true)
        #expect(await book.dispatchAll(window: 64).count == 56, "as if it were alone")
        await book.holdBack(stuck, false)
        #expect(await book.inFlight == 112)
        #expect(await book.dispatch(window: 64) == nil, "until those in flight are through")
    }

    @Test("when its results are read again, its tasks count as just heard of; others keep their times")
    func clocks() async {
        let (stuck, other) = (ProjectID(UUID()), ProjectID(UUID()))
        let tasks: [(Int, Phase, TaskState)] = [(0, .services, .finishing), (1, .openPorts, .started)]
        await book.adopt(.running(of: stuck, targets: 2, cursor: 2, tasks: tasks))
        await book.adopt(.running(of: other, targets: 2, cursor: 2, tasks: tasks))
        let began = clock.now
        clock.advance(by: .seconds(600))
        await book.restartClocks(of: stuck)
        #expect(await book.outstanding.map(\.since).sorted() == [began, began, clock.now, clock.now])
        #expect(await book.inFlight == 4)
    }

    @Test("its parked targets wake nobody")
    func parked() async {
        let project = ProjectID(UUID())
        await book.adopt(.running(of: project, targets: 1, cursor: 1, tasks: [(0, .openPorts, .parked)]))
        #expect(await book.nextDue != nil)
        await book.holdBack(project, true)
        #expect(await book.nextDue == nil)
        #expect(await book.dispatch(window: 64) == nil)
        await book.holdBack(project, false)
        #expect(await book.dispatch(window: 64)?.count == 1)
    }
}
