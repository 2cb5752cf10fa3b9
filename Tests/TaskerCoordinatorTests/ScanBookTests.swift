import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct ScanBookTests {
    private let book = ScanBook(politeness: .none)

    @Test("every target is chosen once, whatever the batches")
    func everyTargetOnce() async throws {
        await book.adopt(ActiveScan.running(targets: 100))
        var chosen: [Int] = []
        while let tasks = await book.dispatch(window: 8, atMost: 7) {
            chosen += tasks.map(\.target)
            await book.settled(tasks)
        }
        #expect(chosen.sorted() == Array(0..<100))
        #expect(await book.activeProjects.isEmpty, "a scan whose targets are settled is forgotten")
    }

    @Test("all that has no place needs room, retries first; what kept its place between the phases does not")
    func room() async throws {
        let scan = ActiveScan.running(cursor: 2, tasks: [(0, .openPorts, .started), (1, .openPorts, .queued)])
        await book.adopt(scan)
        let (between, failed) = (scan.tasks[0].task, scan.tasks[1].task)
        await book.ready(after: between)
        await book.parked([Parking(task: failed, nextAttempt: 2, notBefore: 0)], until: ContinuousClock().now)
        #expect(await book.dispatchAll(window: 1).map(\.phase) == [.services])
        #expect(await book.dispatchAll(window: 3).map(\.target) == [failed.target])
        #expect(await book.dispatchAll(window: 3) == [])
        #expect(await book.dispatchAll(window: 5).map(\.attempt) == [1, 1])
    }

    @Test("what a takeover finds between the phases has no place yet, so it needs room")
    func readyAfterTakeover() async throws {
        await book.adopt(ActiveScan.running(cursor: 4, tasks: [(0, .services, .ready), (1, .openPorts, .queued)]))
        #expect(await book.nextBatch(window: 1, atMost: 10) == nil)
        #expect(await book.nextBatch(window: 3, atMost: 10)?.claims.map(\.source) == [.ready])
    }

    @Test("what was chosen and not claimed is chosen again")
    func unclaimed() async throws {
        await book.adopt(ActiveScan.running(targets: 3, cursor: 1, tasks: [(0, .services, .ready)]))
        for _ in 0..<3 {
            #expect(await book.nextBatch(window: 16, atMost: 10)?.claims.map(\.source) == [.ready])
        }
        #expect(await book.inFlight == 0, "it takes no place before it is claimed")
    }

    @Test("nothing is chosen from a scan that is being stopped, and results of what it gave up are unknown")
    func stopping() async throws {
        let scan = ActiveScan.running(
            cursor: 3,
            tasks: [(0, .openPorts, .queued), (1, .openPorts, .finishing), (2, .services, .ready)]
        )
        await book.adopt(scan)
        await book.beginStop(of: [scan.id])
        #expect(await book.nextBatch(window: 100, atMost: 10) == nil)
        let tasks = scan.tasks.map(\.task)
        await book.stopped(scan.id, StopResult(givenUp: 8, revoked: [tasks[0]], inBetween: [tasks[2]]))
        #expect(await book.task(tasks[0].taskID) == nil)
        #expect(await book.task(tasks[1].taskID) == tasks[1])
        #expect(await book.openTasks(of: [scan.id]) == 2)
        await book.settled([tasks[1], tasks[2]])
        #expect(await book.activeProjects.isEmpty)
    }

    @Test("a parked target is chosen again when its time has come, not before")
    func parked() async throws {
        let clock = ManualClock()
        let book = ScanBook(politeness: .none) { clock.now }
        let scan = ActiveScan.running(targets: 1, cursor: 1, tasks: [(0, .openPorts, .queued)])
        await book.adopt(scan)
        let task = scan.tasks[0].task
        let parking = Parking(task: task, nextAttempt: 2, notBefore: 0)
        await book.parked([parking], until: clock.now + .seconds(60))
        #expect(await book.nextBatch(window: 100, atMost: 10) == nil)
        #expect(await book.task(task.taskID) == nil, "a late result of the earlier attempt is unknown")
        clock.advance(by: .seconds(60))
        let batch = try #require(await book.nextBatch(window: 100, atMost: 10))
        #expect(batch.claims.map(\.task.attempt) == [2])
    }

    @Test("an event about a task that is not its target's current one changes nothing")
    func staleEvents() async throws {
        let scan = ActiveScan.running(targets: 1, cursor: 1, tasks: [(0, .openPorts, .queued)])
        await book.adopt(scan)
        let first = scan.tasks[0].task
        let second = TaskReference(scan: scan.id, target: 0, phase: .openPorts, attempt: 2)
        await book.parked([Parking(task: first, nextAttempt: 2, notBefore: 0)], until: ContinuousClock().now)
        await book.settled([first])
        await book.ready(after: first)
        await book.finishing(first)
        #expect(await book.current(second)?.state == .parked)
        #expect(await book.openTasks(of: [scan.id]) == 1)
    }

    @Test("a target is put right by what Redis says, unless the book has moved on")
    func correction() async throws {
        let scan = ActiveScan.running(
            targets: 2,
            cursor: 2,
            tasks: [(0, .openPorts, .started), (1, .openPorts, .started)]
        )
        await book.adopt(scan)
        let task = scan.tasks[0].task
        let known = try #require(await book.current(task))
        let services = TaskReference(scan: scan.id, target: 0, phase: .services, attempt: 1)
        let found = ActiveScan.Task(task: services, state: .ready, since: 0, worker: nil)
        await book.correct(task, known: known, found: found)
        #expect(await book.current(services)?.state == .ready)
        await book.correct(task, known: known, found: nil)
        #expect(await book.current(services)?.state == .ready)
        let other = scan.tasks[1].task
        await book.correct(other, known: try #require(await book.current(other)), found: nil)
        #expect(await book.current(other) == nil)
    }

    @Test("what an earlier leader left is looked for at once; a look says nothing of what has moved on meanwhile")
    func looks() async throws {
        let clock = ManualClock()
        let book = ScanBook(politeness: .none) { clock.now }
        let scan = ActiveScan.running(cursor: 2, tasks: [(0, .openPorts, .claimed), (1, .openPorts, .started)])
        await book.inherit(scan)
        let (claimed, started) = (scan.tasks[0].task, scan.tasks[1].task)
        var known = await book.quietTasks
        #expect(Set(known.map(\.reference)) == [claimed, started])
        #expect(await book.looked(for: known.map { ($0, .nowhere) }).isEmpty)
        clock.advance(by: TargetLife.secondLook)
        known = await book.quietTasks
        await book.confirmed([claimed])
        let actions = await book.looked(for: known.map { ($0, .nowhere) })
        #expect(actions.map(\.0) == [started])
        #expect(actions.map(\.1) == [.fail(.lost)])
        await book.settled([started])
        #expect(await book.quietTasks.isEmpty)
    }

    @Test("a new leader knows the tasks of its predecessor by their ids")
    func takeover() async throws {
        let scan = ActiveScan.running(
            cursor: 4,
            tasks: [(0, .openPorts, .claimed), (1, .services, .started), (3, .openPorts, .parked)]
        )
        await book.adopt(scan)
        #expect(await book.task(scan.tasks[0].task.taskID) == scan.tasks[0].task)
        #expect(await book.task(scan.tasks[1].task.taskID) == scan.tasks[1].task)
        #expect(await book.task(scan.tasks[2].task.taskID) == nil)
        #expect(await book.inFlight == 2)
    }
}
