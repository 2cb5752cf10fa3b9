import AddressSpace
import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// Room that one target cannot take is not lost to the next.
struct AdmissionTests {
    private let scan = ScanID(UUID())

    @Test("where a target's network has room but its address has not, the next one in the network goes")
    func addressFull() {
        let addresses = (0..<4).map { IPAddress.v4(0x1400_0000 + $0) }
        var tasks = ScanTasks()
        let now = ContinuousClock().now
        for target in 0..<2 {
            let task = TaskReference(scan: scan, target: target, phase: .openPorts, attempt: 1)
            tasks.set(TargetLife(reference: task, state: .parked, since: now + .seconds(target)), of: target)
        }
        tasks.lineUp(dueAt: now + .seconds(9))
        let tickets = (0..<2).compactMap { _ in tasks.removeFirst(of: .first) }
        var admission = Admission(PolitenessLimits(perTarget: 1, perNetwork: 2))
        admission.enter(addresses[2])
        admission.enter(addresses[3])
        for (address, ticket) in zip(addresses, tickets) {
            let isAdmitted = admission.reserve(address, for: ticket, of: scan)
            #expect(!isAdmitted)
        }
        admission.leave(addresses[2])
        admission.enter(addresses[0])
        admission.leave(addresses[3])
        let first = admission.letThrough(of: scan)
        #expect(first == [tickets[0]])
        let isAdmitted = admission.reserve(addresses[0], for: tickets[0], of: scan)
        #expect(!isAdmitted, "another scan's task is at this address")
        let second = admission.letThrough(of: scan)
        #expect(second == [tickets[1]])
    }

    @Test("where a target is gone by the time there is room, the next one in its network goes")
    func targetGone() async throws {
        let book = ScanBook(politeness: PolitenessLimits(perTarget: 0, perNetwork: 2))
        let scan = ActiveScan.running(targets: 4, cursor: 4, tasks: (0..<4).map { ($0, .openPorts, .queued) })
        let tasks = scan.tasks.map(\.task)
        await book.adopt(scan)
        for task in tasks[2...] {
            await book.parked([Parking(task: task, nextAttempt: 1, notBefore: 0)], until: ContinuousClock().now)
            #expect(await book.dispatchAll(window: 16) == [])
        }
        await book.settled([tasks[0]])
        #expect(await book.dispatchAll(window: 1) == [], "the window has no room")
        await book.correct(tasks[2], known: try #require(await book.current(tasks[2])), found: nil)
        #expect(await book.dispatchAll(window: 16) == [tasks[3]])
    }
}
