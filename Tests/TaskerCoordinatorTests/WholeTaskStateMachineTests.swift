import ScanModel
import Testing

@testable import TaskerCoordinator

@Suite("A whole task")
struct WholeTaskStateMachineTests {
    private typealias Action = WholeTask.Action

    private static let lost = Action.lose
    private static let late = Action.fail(.deadline, detail: "not through within the time limit")
    private static let refused = Action.fail(.lost, detail: "somebody revoked the task")

    /// What follows from each observation in each state, in the order claimed, queued, started by `one`, ended.
    private static let table: [(WholeTask.Observation, [Action])] = [
        (.began(host: "one"), [.noteBegun(host: "one"), .noteBegun(host: "one"), .none, .none]),
        (.began(host: "two"), [.noteBegun(host: "two"), .noteBegun(host: "two"), .noteBegun(host: "two"), .none]),
        (.passed, [.verify, .verify, .verify, .none]),
        (
            .failed("x"),
            [
                .fail(.workerError, detail: "x"), .fail(.workerError, detail: "x"), .fail(.workerError, detail: "x"),
                .none,
            ]
        ),
        (.revoked, [refused, refused, refused, .none]),
        (.returned, [.none, .none, .noteQueued, .none]),
        (.overdue, [.none, .none, late, .none]),
        (.looked(.inQueue), [.confirm, .none, .noteQueued, .verify]),
        (.looked(.atWorker), [.confirm, .none, .none, .verify]),
        (.looked(.nowhere), [.none, .none, .none, .verify]),
        (.looked(.unclear), [.none, .none, .none, .verify]),
    ]

    @Test("in each state, each observation has its consequence", arguments: WholeTask.State.allCases.indices)
    func table(index: Int) {
        let state = WholeTask.State.allCases[index]
        for (observation, actions) in Self.table {
            var task = WholeTask(state, host: state == .started ? "one" : nil)
            let action = task.observe(observation, isPaused: false)
            #expect(action == actions[index], "\(state), \(observation)")
        }
    }

    @Test("found nowhere twice running, it is lost; one that may not have left is published again")
    func missing() {
        for (state, isPaused, expected) in [
            (WholeTask.State.started, false, Self.lost), (.started, true, Self.lost), (.queued, false, Self.lost),
            (.queued, true, .publishAgain), (.claimed, false, .publishAgain), (.claimed, true, .publishAgain),
        ] {
            var task = WholeTask(state, host: "one")
            let first = task.observe(.looked(.nowhere), isPaused: isPaused)
            let second = task.observe(.looked(.nowhere), isPaused: isPaused)
            #expect(first == .none)
            #expect(second == expected, "\(state), paused: \(isPaused)")
        }
    }

    @Test(
        "whatever shows that it may be somewhere begins the search anew",
        arguments: [
            WholeTask.Observation.looked(.unclear), .looked(.inQueue), .looked(.atWorker), .began(host: "two"),
        ]
    )
    func foundBetween(observation: WholeTask.Observation) {
        var task = WholeTask(.queued)
        let first = task.observe(.looked(.nowhere), isPaused: false)
        _ = task.observe(observation, isPaused: false)
        let second = task.observe(.looked(.nowhere), isPaused: false)
        let third = task.observe(.looked(.nowhere), isPaused: false)
        #expect(first == .none && second == .none)
        #expect(third == Self.lost)
    }

    @Test("a worker that is lost gives its task back, and another one begins it")
    func redelivery() {
        var task = WholeTask(.queued)
        let steps: [(WholeTask.Observation, Action)] = [
            (.began(host: "one"), .noteBegun(host: "one")), (.looked(.inQueue), .noteQueued),
            (.began(host: "two"), .noteBegun(host: "two")), (.passed, .verify), (.passed, .none),
        ]
        for (observation, expected) in steps {
            let action = task.observe(observation, isPaused: false)
            #expect(action == expected)
        }
    }
}
