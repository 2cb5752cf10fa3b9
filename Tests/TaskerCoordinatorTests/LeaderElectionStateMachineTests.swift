import ScanStore
import Testing

@testable import TaskerCoordinator

struct LeaderElectionStateMachineTests {
    private let timing = LeaseTiming(lease: .seconds(3), renewInterval: .seconds(1), pollInterval: .milliseconds(500))
    private let start = ContinuousClock().now
    private let held = LeaderLock.Observation(epoch: "7", renewals: "40", holder: "other")
    private let free = LeaderLock.Observation(epoch: "7", renewals: "41", holder: "")
    private let term = Term(epoch: 8, holder: "me", installation: "i")

    private func standby() -> LeaderElectionStateMachine {
        LeaderElectionStateMachine(timing: timing, now: start)
    }

    private func leader() -> LeaderElectionStateMachine {
        var machine = standby()
        machine.acquired(term, requestedAt: start)
        return machine
    }

    @Test("a free lock is taken at once")
    func freeLock() {
        var machine = standby()
        #expect(machine.observed(free, at: start) == .acquire(free))
    }

    @Test("a held lock is taken only after its counter has not moved for a lease")
    func heldLock() {
        var machine = standby()
        #expect(machine.observed(held, at: start) == .wait(.milliseconds(500)))
        #expect(machine.observed(held, at: start + .milliseconds(2_900)) == .wait(.milliseconds(100)))
        #expect(machine.observed(held, at: start + .seconds(3)) == .acquire(held))
    }

    @Test("a counter that moves starts the wait anew")
    func renewedLock() {
        var machine = standby()
        _ = machine.observed(held, at: start)
        let renewed = LeaderLock.Observation(epoch: "7", renewals: "41", holder: "other")
        #expect(machine.observed(renewed, at: start + .milliseconds(2_900)) == .wait(.milliseconds(500)))
        #expect(machine.observed(renewed, at: start + .milliseconds(5_800)) == .wait(.milliseconds(100)))
    }

    @Test("time during which Redis did not answer does not count against the holder")
    func unansweredLook() {
        var machine = standby()
        _ = machine.observed(held, at: start)
        #expect(machine.couldNotObserve(at: start + .seconds(2)) == .wait(.milliseconds(500)))
        #expect(machine.observed(held, at: start + .seconds(4)) == .wait(.milliseconds(500)))
    }

    @Test("a lost race starts the wait anew")
    func lostRace() {
        var machine = standby()
        _ = machine.observed(held, at: start)
        #expect(machine.lostRace(at: start + .seconds(3)) == .wait(.milliseconds(500)))
        #expect(machine.observed(held, at: start + .seconds(4)) == .wait(.milliseconds(500)))
    }

    @Test("a leader acts until its lease less the margin, counted from when it asked")
    func actsUntil() {
        #expect(leader().actsUntil == start + .milliseconds(2_400))
        #expect(standby().actsUntil == nil)
    }

    @Test("a renewal extends the lease from when it was sent, not from when it was answered")
    func renewal() {
        var machine = leader()
        #expect(machine.renewed(sentAt: start + .seconds(1)) == .wait(.seconds(1)))
        #expect(machine.actsUntil == start + .milliseconds(3_400))
    }

    @Test("an unanswered renewal is tried again within the lease, and ends it after")
    func unansweredRenewal() {
        var machine = leader()
        #expect(machine.renewalUnanswered(at: start + .seconds(1)) == .wait(.milliseconds(250)))
        #expect(machine.renewalUnanswered(at: start + .milliseconds(2_300)) == .wait(.milliseconds(100)))
        let action = machine.renewalUnanswered(at: start + .milliseconds(2_400))
        #expect(action == .stepDown(reason: "Redis did not answer within the lease"))
        #expect(machine.actsUntil == nil)
    }

    @Test("a standby that is told of renewals steps down, and a leader that looks waits")
    func eventsOfTheOtherState() {
        var machine = standby()
        #expect(machine.renewed(sentAt: start) == .stepDown(reason: "not leading"))
        #expect(machine.renewalUnanswered(at: start) == .stepDown(reason: "not leading"))
        var leading = leader()
        #expect(leading.observed(held, at: start) == .wait(.milliseconds(500)))
        #expect(leading.couldNotObserve(at: start) == .wait(.milliseconds(500)))
        #expect(leading.actsUntil != nil)
    }

    @Test("after a term the wait begins anew")
    func ended() {
        var machine = leader()
        machine.termEnded(at: start + .seconds(1))
        #expect(machine.actsUntil == nil)
        #expect(machine.observed(held, at: start + .seconds(9)) == .wait(.milliseconds(500)))
    }
}
