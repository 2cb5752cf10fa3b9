import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

@Suite("Projects whose results are not imported")
struct ScanBookHoldingTests {
    private let book = ScanBook(politeness: .none)

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
