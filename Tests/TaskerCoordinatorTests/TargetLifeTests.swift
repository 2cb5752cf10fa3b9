import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

struct TargetLifeTests {
    private typealias Step = (inout TargetLife) -> Void

    private let start = ContinuousClock().now
    private let limit = Duration.seconds(60)

    private func life(_ state: TaskState, _ phase: Phase = .openPorts, attempt: Int = 1) -> TargetLife {
        let reference = TaskReference(scan: ScanID(UUID()), target: 0, phase: phase, attempt: attempt)
        return TargetLife(reference: reference, state: state, since: start)
    }

    private func inherited(_ state: TaskState) -> TargetLife {
        var life = life(state)
        life.inherited()
        return life
    }

    /// What a second look finds, if both find the same.
    private func lookTwice(
        for life: TargetLife,
        _ sighting: TargetLife.Sighting = .nowhere,
        isPaused: Bool = false
    ) -> TargetLife.SearchAction {
        var life = life
        _ = life.looked(sighting, at: start, limit: limit, isPaused: isPaused)
        return life.looked(sighting, at: start + TargetLife.secondLook, limit: limit, isPaused: isPaused)
    }

    @Test("from each state it goes where Redis' scripts let it, and nowhere else", arguments: TaskState.allCases)
    func transitions(from state: TaskState) {
        let now = start + .seconds(1)
        let steps: [(TaskState, Set<TaskState>, Step)] = [
            (.queued, [.claimed], { $0.confirmed(at: now) }),
            (.started, [.claimed, .queued], { $0.started(at: now) }),
            (.finishing, [.claimed, .queued, .started, .ready], { $0.finishing(at: now) }),
            (.ready, [.claimed, .queued, .started], { $0.ready(at: now) }),
            (.parked, [.claimed, .queued, .started], { $0.parked(attempt: 2, until: now) }),
        ]
        for (next, origins, step) in steps {
            let before = life(state)
            var after = before
            step(&after)
            if origins.contains(state) {
                #expect((after.state, after.since) == (next, now), "\(state) to \(next)")
            } else {
                #expect(after == before, "\(state) to \(next)")
            }
        }
    }

    @Test("a second phase begins with its first attempt, and none follows it")
    func phases() {
        var first = life(.started, attempt: 3)
        first.ready(at: start)
        #expect((first.reference.phase, first.reference.attempt) == (.services, 1))
        let second = life(.started, .services)
        var after = second
        after.ready(at: start)
        #expect(after == second)
    }

    @Test("a stop lets be what is being imported, keeps what a first phase found, and cancels the rest")
    func stop() {
        for state in TaskState.allCases {
            let left = life(state, .services).stopped(isKept: true, at: start)
            #expect(left?.state == (state == .finishing ? .finishing : .ready))
            #expect(life(state).stopped(isKept: false, at: start)?.state == (state == .finishing ? .finishing : nil))
        }
    }

    @Test("what is ours is looked for after a while, an earlier leader's at once", arguments: TaskState.allCases)
    func quiet(_ state: TaskState) {
        let isOutstanding = ![.ready, .parked].contains(state)
        #expect(!life(state).isQuiet(at: start + TargetLife.quiet - .milliseconds(1)))
        #expect(life(state).isQuiet(at: start + TargetLife.quiet) == isOutstanding)
        #expect(inherited(state).isQuiet(at: start) == isOutstanding)
    }

    @Test("what is found nowhere twice is sent again where nobody had it, and has failed where somebody may")
    func missing() {
        #expect(lookTwice(for: life(.claimed)) == .sendAgain)
        #expect(lookTwice(for: life(.queued)) == .fail(.lost))
        #expect(lookTwice(for: life(.queued), isPaused: true) == .sendAgain, "a pause took it out of the queue")
        #expect(lookTwice(for: life(.started)) == .fail(.lost))
        #expect(lookTwice(for: life(.started), isPaused: true) == .fail(.lost))
        #expect(lookTwice(for: life(.finishing)) == .importOpenPorts)
        #expect(lookTwice(for: life(.ready)) == .wait)
        #expect(lookTwice(for: life(.parked)) == .wait)
    }

    @Test("found nowhere once, or twice in one moment, or with a sign of life between, says nothing")
    func secondLook() {
        var life = inherited(.claimed)
        func look(_ sighting: TargetLife.Sighting, after: Duration) -> TargetLife.SearchAction {
            life.looked(sighting, at: start + after, limit: limit, isPaused: false)
        }
        #expect(look(.nowhere, after: .zero) == .wait)
        #expect(look(.nowhere, after: .milliseconds(999)) == .wait)
        #expect(look(.there, after: .seconds(1)) == .confirm)
        #expect(look(.nowhere, after: .seconds(2)) == .wait)
        life.confirmed(at: start + .seconds(3))
        #expect(look(.nowhere, after: .seconds(4)) == .wait)
        #expect(look(.nowhere, after: .seconds(5)) == .fail(.lost))
    }

    @Test("a task past its deadline has failed, but not while it waits in a queue or its result waits")
    func deadline() {
        let late = start + limit + .seconds(1)
        func look(
            _ state: TaskState,
            _ sighting: TargetLife.Sighting,
            at now: ContinuousClock.Instant
        ) -> TargetLife.SearchAction {
            var life = life(state)
            return life.looked(sighting, at: now, limit: limit, isPaused: false)
        }
        #expect(look(.started, .there, at: late) == .fail(.deadline))
        #expect(look(.started, .there, at: late - .seconds(1)) == .wait)
        #expect(look(.started, .resultIsIn, at: late) == .wait)
        #expect(look(.queued, .there, at: late) == .wait)
        #expect(look(.finishing, .there, at: late) == .wait)
    }

    @Test("a failed attempt is retried up to the maximum; then the first phase has failed, and the second is half done")
    func failures() {
        var random = SeededGenerator(seed: 1)
        func action(_ life: TargetLife) -> TargetLife.FailureAction? {
            switch life.failed(maximumAttempts: 3, using: &random) {
            case .retry(let attempt, _): .retry(attempt: attempt, after: .zero)
            case let other: other
            }
        }
        for state in [TaskState.claimed, .queued, .started] {
            #expect(action(life(state, attempt: 2)) == .retry(attempt: 3, after: .zero))
            #expect(action(life(state, attempt: 3)) == .fail)
            #expect(action(life(state, .services, attempt: 3)) == .importOpenPorts)
        }
        for state in [TaskState.ready, .parked, .finishing] { #expect(action(life(state)) == nil) }
    }

    @Test("a result counts for as long as it can, and an import that has begun only for the same finding")
    func results() {
        let meanings: [ResultMeaning] = [
            .finding(.simulated, .done, nil), .leadsToServices(.simulated), .nothing(.done, .down),
            .failedAttempt(.timedOut, detail: ""),
        ]
        for state in TaskState.allCases {
            let admitted = meanings.map { life(state).admits($0) }
            switch state {
            case .claimed, .queued, .started: #expect(admitted == [true, true, true, true])
            case .finishing: #expect(admitted == [true, false, false, false])
            case .ready, .parked: #expect(admitted == [false, false, false, false])
            }
        }
        #expect(!life(.started, .services).admits(.leadsToServices(.simulated)))
    }
}
