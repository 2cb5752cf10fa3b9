import AddressSpace
import Foundation
import Nmap
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct ScanBookTests {
    private func scan(
        of project: ProjectID = ProjectID(UUID()),
        targets: Int = 10,
        cursor: Int = 0,
        tasks: [(Int, Phase, TaskState)] = []
    ) throws -> ActiveScan {
        let id = ScanID(UUID())
        let range = try #require(AddressRange(.v4(0x1400_0000), .v4(0x1400_0000 + UInt32(targets) - 1)))
        return ActiveScan(
            id: id,
            project: project,
            request: ScanRequest(
                hosts: [],
                openPorts: OpenPortsOptions(ports: PortSet(ports: [80])),
                services: ServiceOptions(),
                timeout: 60,
                includeServices: true,
                singleResolve: false,
                mode: .insert,
                trackHistory: true
            ),
            state: .running,
            isStopRequested: false,
            plan: Plan(targets: AddressSet([range]), hostnames: [:], seed: 3),
            cursor: cursor,
            tasks: tasks.map { target, phase, state in
                ActiveScan.Task(
                    task: TaskReference(scan: id, target: target, phase: phase, attempt: 1),
                    state: state,
                    since: 0,
                    worker: nil
                )
            }
        )
    }

    @Test("every target is chosen once, whatever the batches")
    func everyTargetOnce() async throws {
        let book = ScanBook()
        await book.adopt(try scan(targets: 100))
        var chosen: [Int] = []
        while let batch = await book.nextBatch(room: 7, atMost: 7) {
            let tasks = batch.claims.map(\.task)
            chosen += tasks.map(\.target)
            await book.claimed(tasks, of: batch.scan, cursor: batch.cursorAfter)
            await book.settled(tasks)
        }
        #expect(chosen.sorted() == Array(0..<100))
        #expect(await book.activeProjects.isEmpty, "a scan whose targets are settled is forgotten")
    }

    @Test("fresh targets need room, what is between the phases does not")
    func room() async throws {
        let book = ScanBook()
        await book.adopt(try scan(cursor: 4, tasks: [(0, .services, .ready), (1, .openPorts, .queued)]))
        let batch = try #require(await book.nextBatch(room: 0, atMost: 10))
        #expect(batch.claims.map(\.source) == [.ready])
        await book.claimed(batch.claims.map(\.task), of: batch.scan, cursor: batch.cursorAfter)
        #expect(await book.nextBatch(room: 0, atMost: 10) == nil)
        #expect(await book.nextBatch(room: 2, atMost: 10)?.claims.map(\.source) == [.fresh, .fresh])
    }

    @Test("projects take turns")
    func turns() async throws {
        let book = ScanBook()
        let first = try scan(targets: 100)
        let second = try scan(targets: 1)
        await book.adopt(first)
        await book.adopt(second)
        let one = try #require(await book.nextBatch(room: 10, atMost: 10))
        let two = try #require(await book.nextBatch(room: 10, atMost: 10))
        #expect(Set([one.scan, two.scan]) == [first.id, second.id])
    }

    @Test("nothing is chosen from a scan that is being stopped, and results of what it gave up are unknown")
    func stopping() async throws {
        let book = ScanBook()
        let scan = try scan(
            cursor: 3,
            tasks: [(0, .openPorts, .queued), (1, .openPorts, .finishing), (2, .services, .ready)]
        )
        await book.adopt(scan)
        await book.beginStop(of: [scan.id])
        #expect(await book.nextBatch(room: 10, atMost: 10) == nil)
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
        let book = ScanBook()
        let scan = try scan(targets: 1, cursor: 1, tasks: [(0, .openPorts, .queued)])
        await book.adopt(scan)
        let task = scan.tasks[0].task
        let parking = Parking(task: task, nextAttempt: 2, notBefore: 0)
        await book.parked([parking], until: ContinuousClock().now + .seconds(60))
        #expect(await book.nextBatch(room: 10, atMost: 10) == nil)
        #expect(await book.task(task.taskID) == nil, "a late result of the earlier attempt is unknown")
        await book.parked(
            [
                Parking(
                    task: TaskReference(scan: scan.id, target: 0, phase: .openPorts, attempt: 2),
                    nextAttempt: 3,
                    notBefore: 0
                )
            ],
            until: ContinuousClock().now
        )
        let batch = try #require(await book.nextBatch(room: 0, atMost: 10))
        #expect(batch.claims.map(\.task.attempt) == [3])
    }

    @Test("an event about a task that is not its target's current one changes nothing")
    func staleEvents() async throws {
        let book = ScanBook()
        let scan = try scan(targets: 1, cursor: 1, tasks: [(0, .openPorts, .queued)])
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

    @Test("a snapshot that the book has overtaken is not taken in")
    func overtakenSnapshot() async throws {
        let book = ScanBook()
        let scan = try scan(cursor: 1, tasks: [(0, .openPorts, .queued)])
        await book.adopt(scan)
        let version = try #require(await book.entry(scan.id)).version
        await book.settled([scan.tasks[0].task])
        #expect(await !book.adopt(scan, ifAt: version))
        #expect(await book.openTasks(of: [scan.id]) == 0)
    }

    @Test("a target is put right by what Redis says, unless the book has moved on")
    func correction() async throws {
        let book = ScanBook()
        let scan = try scan(targets: 2, cursor: 2, tasks: [(0, .openPorts, .started), (1, .openPorts, .started)])
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

    @Test("open targets are those never dispatched and those in flight, not the settled ones")
    func openTargets() async throws {
        let book = ScanBook()
        let scan = try scan(targets: 10, cursor: 0)
        await book.adopt(scan)
        let batch = try #require(await book.nextBatch(room: 4, atMost: 4))
        let tasks = batch.claims.map(\.task)
        await book.claimed(tasks, of: scan.id, cursor: 4)
        await book.settled(Array(tasks.prefix(3)))
        let open = try #require(await book.entry(scan.id)).openTargets
        let plan = try #require(scan.plan)
        #expect(open.count == 7)
        #expect(tasks.prefix(3).allSatisfy { !open.contains(plan.address(of: $0.target)) })
        #expect(open.contains(plan.address(of: tasks[3].target)))
    }

    @Test("a new leader knows the tasks of its predecessor by their ids")
    func takeover() async throws {
        let book = ScanBook()
        let scan = try scan(
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
