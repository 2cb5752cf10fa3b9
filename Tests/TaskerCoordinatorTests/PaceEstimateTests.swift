import Testing

@testable import TaskerCoordinator

@Suite("How long a scan will take")
struct PaceEstimateTests {
    private let start = ContinuousClock.now

    /// An estimate after a number of seconds at a pace, noted each second.
    private func estimate(seconds: Int, perSecond: Double) -> PaceEstimate {
        var estimate = PaceEstimate()
        for second in 0...seconds {
            estimate.note(finished: Int(Double(second) * perSecond), at: start + .seconds(second))
        }
        return estimate
    }

    @Test("nothing is said before there is something to go by")
    func unknown() {
        #expect(PaceEstimate().secondsLeft(open: 10) == nil)
        #expect(estimate(seconds: 9, perSecond: 5).secondsLeft(open: 10) == nil)
        #expect(estimate(seconds: 60, perSecond: 0).secondsLeft(open: 10) == nil)
    }

    @Test("what is left takes as long as the pace says, in two digits", arguments: [(0, 0), (50, 10), (1_234, 250)])
    func steady(open: Int, seconds: Int) {
        #expect(estimate(seconds: 60, perSecond: 5).secondsLeft(open: open) == seconds)
    }

    @Test("only the last minutes count")
    func window() {
        var estimate = estimate(seconds: 600, perSecond: 100)
        for second in 601...1_000 { estimate.note(finished: 60_000 + second - 600, at: start + .seconds(second)) }
        #expect(estimate.secondsLeft(open: 60) == 60)
    }

    @Test("numbers that fall begin anew")
    func fallen() {
        var estimate = estimate(seconds: 60, perSecond: 5)
        estimate.note(finished: 3, at: start + .seconds(61))
        #expect(estimate.secondsLeft(open: 10) == nil)
    }

    @Test("a scan without an end in sight has a number")
    func huge() {
        #expect(estimate(seconds: 300, perSecond: 0.01).secondsLeft(open: .max) ?? 0 > 1_000_000)
    }
}
