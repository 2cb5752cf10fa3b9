import Foundation
import Testing

@testable import TaskerCoordinator

struct TaskSightingsTests {
    private let start = ContinuousClock().now
    private let first = UUID()
    private let second = UUID()

    /// Both tasks at w1, the second at w2 as well, until an hour from now.
    private var sightings: TaskSightings {
        var sightings = TaskSightings()
        sightings.saw(first, at: "w1", at: start, until: start + .seconds(3_600))
        sightings.saw(second, at: "w1", at: start, until: start + .seconds(3_600))
        sightings.saw(second, at: "w2", at: start, until: start + .seconds(3_600))
        return sightings
    }

    private func nodes(_ sightings: TaskSightings, after time: Duration = .zero) -> [UUID: Set<String>] {
        sightings.nodes(of: [first, second], at: start + time)
    }

    @Test("a node keeps what it was seen with, however long it is silent, until the task's time is over")
    func silence() {
        var sightings = sightings
        #expect(nodes(sightings) == [first: ["w1"], second: ["w1", "w2"]])
        sightings.limit([first], until: start + .seconds(120))
        sightings.limit([first], until: start + .seconds(7_200))
        #expect(nodes(sightings, after: .seconds(119)) == [first: ["w1"], second: ["w1", "w2"]])
        #expect(nodes(sightings, after: .seconds(121)) == [second: ["w1", "w2"]])
        #expect(nodes(sightings, after: .seconds(3_601)).isEmpty)
    }

    @Test("a task ends at the node that says so, and nowhere else")
    func end() {
        var sightings = sightings
        sightings.ended(second, at: "w1")
        #expect(nodes(sightings) == [first: ["w1"], second: ["w2"]])
        sightings.ended(at: "w2")
        #expect(nodes(sightings) == [first: ["w1"]])
    }

    @Test("an answer ends what it does not name, but for what was seen after the question")
    func answer() {
        var sightings = sightings
        sightings.answered("w1", having: [second], askedAt: start + .seconds(1))
        #expect(nodes(sightings) == [second: ["w1", "w2"]])
        sightings.saw(first, at: "w1", at: start + .seconds(3), until: start + .seconds(3_600))
        sightings.answered("w1", having: [], askedAt: start + .seconds(2))
        #expect(nodes(sightings) == [first: ["w1"], second: ["w2"]])
    }

    @Test("of more tasks than a node has, the oldest go")
    func limit() {
        let tasks = (0..<TaskSightings.limit + 2).map { _ in UUID() }
        var sightings = TaskSightings()
        for (age, task) in tasks.enumerated() {
            sightings.saw(task, at: "w1", at: start + .seconds(age), until: start + .seconds(86_400))
        }
        #expect(Set(sightings.nodes(of: Set(tasks), at: start).keys) == Set(tasks[2...]))
    }
}
