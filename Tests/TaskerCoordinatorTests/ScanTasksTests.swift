import Foundation
import PropertyTesting
import ScanModel
import Testing

@testable import TaskerCoordinator

struct ScanTasksTests {
    private let scan = ScanID(UUID())
    private let start = ContinuousClock().now

    private func task(
        _ target: Int,
        _ state: TaskState,
        _ phase: Phase = .openPorts,
        attempt: Int = 1,
        due: Duration = .zero,
        hasPlace: Bool = true
    ) -> TargetLife {
        let reference = TaskReference(scan: scan, target: target, phase: phase, attempt: attempt)
        var task = TargetLife(reference: reference, state: state, since: start + due)
        if state == .ready { task.hasPlace = hasPlace }
        return task
    }

    /// Empties a line.
    private func line(_ queue: ScanTasks.Queue, of tasks: inout ScanTasks) -> [Int] {
        var targets: [Int] = []
        while let ticket = tasks.removeFirst(of: queue) {
            if let task = tasks.task(of: ticket) { targets.append(task.reference.target) }
        }
        return targets
    }

    @Test(
        "parked targets get in line by the time they are due: first attempts apart from retries, and from those with a place"
    )
    func lines() {
        var tasks = ScanTasks()
        tasks.set(task(1, .parked, due: .seconds(3)), of: 1)
        tasks.set(task(2, .parked, due: .seconds(1)), of: 2)
        tasks.set(task(3, .parked, attempt: 2, due: .seconds(2)), of: 3)
        tasks.set(task(4, .parked, .services, due: .seconds(1)), of: 4)
        tasks.set(task(5, .ready, .services), of: 5)
        #expect(tasks.nextDue() == start + .seconds(1))
        tasks.lineUp(dueAt: start + .seconds(2))
        #expect(tasks.nextDue() == start + .seconds(3))
        #expect(line(.first, of: &tasks) == [2])
        #expect(line(.placed, of: &tasks) == [5])
        #expect(line(.begun, of: &tasks) == [4, 3])
        tasks.lineUp(dueAt: start + .seconds(9))
        #expect(tasks.nextDue() == nil)
        #expect(line(.first, of: &tasks) == [1])
    }

    @Test("a target that changed is no longer what stood in line, also where it comes back into the same state")
    func staleTickets() {
        var tasks = ScanTasks()
        tasks.set(task(1, .parked), of: 1)
        tasks.lineUp(dueAt: start)
        tasks.set(task(1, .claimed), of: 1)
        tasks.set(task(1, .parked, due: .seconds(5)), of: 1)
        #expect(line(.first, of: &tasks) == [])
        tasks.set(nil, of: 1)
        #expect(tasks.nextDue() == nil)
        tasks.lineUp(dueAt: start + .seconds(9))
        #expect(line(.first, of: &tasks) == [])
    }

    @Test("after any changes the counts and lines equal a recount")
    func recount() {
        var random = SeededGenerator(seed: 23)
        var tasks = ScanTasks()
        var model: [Int: TargetLife] = [:]
        var now = start
        for _ in 0..<10_000 {
            let target = Int.random(in: 0..<50, using: &random)
            let changed: TargetLife? =
                switch Int.random(in: 0..<8, using: &random) {
                case 0: nil
                case 1: task(target, .ready, .services, hasPlace: Bool.random(using: &random))
                case 2:
                    task(
                        target,
                        .parked,
                        attempt: 2,
                        due: now - start + .seconds(Int.random(in: 0...9, using: &random))
                    )
                case 3: task(target, .parked, due: now - start + .seconds(Int.random(in: 0...9, using: &random)))
                case 4: task(target, .claimed)
                case 5: task(target, .queued)
                case 6: task(target, .started)
                default: task(target, .finishing)
                }
            tasks.set(changed, of: target)
            model[target] = changed
            #expect(tasks.count == model.count)
            #expect(tasks.parkedCount == model.values.count { $0.state == .parked })
            guard Int.random(in: 0..<10, using: &random) == 0 else { continue }
            now += .seconds(1)
            tasks.lineUp(dueAt: now)
            let due = model.values.filter { $0.state == .parked && $0.since <= now }
            for queue in [ScanTasks.Queue.first, .begun, .placed] {
                let expected =
                    switch queue {
                    case .first: due.filter(\.isFirst)
                    case .begun: due.filter { !$0.isFirst } + model.values.filter { $0.state == .ready && !$0.hasPlace }
                    case .placed: model.values.filter { $0.state == .ready && $0.hasPlace }
                    }
                var standing: [ScanTasks.Ticket] = []
                while let ticket = tasks.removeFirst(of: queue) {
                    if tasks.task(of: ticket) != nil { standing.append(ticket) }
                }
                #expect(standing.map(\.target).sorted() == expected.map(\.reference.target).sorted())
                tasks.putBack(standing, to: queue)
            }
            #expect(tasks.nextDue() == model.values.filter { $0.state == .parked && $0.since > now }.map(\.since).min())
        }
    }
}
