import Foundation
import Testing

@testable import TaskerCoordinator

struct TombstonesTests {
    @Test("what was taken away is remembered, and open until it is confirmed")
    func life() async {
        let ids = (0..<4).map { _ in UUID() }
        let tombstones = Tombstones()
        await tombstones.add(ids)
        await tombstones.confirm([ids[0]])
        #expect(await tombstones.unconfirmed == Set(ids[1...]))
        #expect(await tombstones.all == ids)
    }

    @Test("what an earlier term took away is confirmed by nobody")
    func takeover() async {
        let ids = [UUID(), UUID()]
        let tombstones = Tombstones(ids)
        #expect(await tombstones.unconfirmed == Set(ids))
        #expect(await tombstones.all == ids)
    }

    @Test("a second stop of the same tasks asks for their confirmation again")
    func again() async {
        let id = UUID()
        let tombstones = Tombstones([id])
        await tombstones.confirm([id])
        await tombstones.add([id])
        #expect(await tombstones.unconfirmed == [id])
        #expect(await tombstones.all == [id])
    }

    @Test("a worker that starts is told by the leader alone: an earlier one does not know of later stops")
    func telling() async {
        let tombstones = Tombstones([UUID()])
        let now = ContinuousClock.now
        let term = TermGuard(actsUntil: now + .seconds(60))
        #expect(await tombstones.told(under: TermGuard(actsUntil: now)) == nil)
        #expect(await tombstones.told(under: term) == tombstones.all)
        term.end()
        #expect(await tombstones.told(under: term) == nil)
    }

    @Test("of more than a worker remembers, the oldest go")
    func limit() async {
        let ids = (0..<Tombstones.limit + 10).map { _ in UUID() }
        let tombstones = Tombstones()
        await tombstones.add(Array(ids[..<20]))
        await tombstones.add(Array(ids[20...]))
        #expect(await tombstones.all == Array(ids[10...]))
        #expect(await tombstones.unconfirmed == Set(ids[10...]))
    }
}
