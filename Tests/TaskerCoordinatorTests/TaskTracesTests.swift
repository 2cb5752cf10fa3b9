import Foundation
import Testing

@testable import TaskerCoordinator

struct TaskTracesTests {
    private let held = UUID()
    private let seen = UUID()
    private let queued = UUID()
    private let unseen = UUID()
    private var tasks: Set<UUID> { [held, seen, queued, unseen] }

    private func traces(hasWorkers: Bool = true) -> TaskTraces {
        TaskTraces(
            held: hasWorkers ? [held, UUID()] : [],
            seen: [seen: ["w1"], UUID(): ["w1"]],
            isComplete: hasWorkers,
            hasWorkers: hasWorkers
        )
    }

    @Test("a task is suspect that a worker names, or that a silent one was seen with")
    func traced() {
        #expect(traces().suspects(among: tasks, swept: [queued]) == [held, seen])
    }

    @Test("while a silent worker has its connection, it may have any task, also one that was in a queue")
    func connected() {
        var traces = traces()
        traces.mayHaveUnseen = true
        #expect(traces.suspects(among: tasks, swept: [queued]) == tasks)
    }

    @Test("where nobody can be asked, only what was in a queue and nowhere else is gone")
    func alone() {
        let traces = traces(hasWorkers: false)
        #expect(traces.suspects(among: tasks, swept: [queued, seen]) == [held, seen, unseen])
    }
}
