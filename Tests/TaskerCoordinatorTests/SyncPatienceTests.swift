import ScanLedger
import Testing

@testable import TaskerCoordinator

@Suite("How long results are held while nothing is imported")
struct SyncPatienceTests {
    private let start = ContinuousClock().now
    private let away = LedgerError(code: .unavailable, status: 503, message: "scripted")

    @Test("for a sixth of what the broker allows, and never longer than five minutes")
    func holdingTime() {
        #expect(SyncPatience(consumerTimeout: .seconds(1_800)).holdingTime == .seconds(300))
        #expect(SyncPatience(consumerTimeout: .seconds(86_400)).holdingTime == .seconds(300))
        #expect(SyncPatience(consumerTimeout: .seconds(60)).holdingTime == .seconds(10))
    }

    @Test(
        "while ScanLedger is away, dispatch is held after a tenth of that time, and the results go back after all of it"
    )
    func outage() {
        var patience = SyncPatience(consumerTimeout: .seconds(600))
        for (second, holdsDispatch, isOver) in [
            (0, false, false), (9, false, false), (10, true, false), (99, true, false), (100, true, true),
        ] {
            let now = start + .seconds(second)
            patience.failed(away, at: now)
            #expect(patience.holdsDispatch(at: now) == holdsDispatch, "after \(second) s")
            #expect(patience.isOver(at: now) == isOver, "after \(second) s")
        }
    }

    @Test("the time runs from the first failure after which nothing was imported")
    func success() {
        var patience = SyncPatience(consumerTimeout: .seconds(600))
        patience.failed(away, at: start)
        patience.succeeded()
        patience.failed(away, at: start + .seconds(99))
        #expect(!patience.isOver(at: start + .seconds(190)))
        #expect(patience.isOver(at: start + .seconds(199)))
    }

    @Test(
        "where ScanLedger refuses Tasker, the results go back at once and nothing more is dispatched",
        arguments: [LedgerError.Code.unauthorised, .forbidden, .notFound]
    )
    func refusal(code: LedgerError.Code) {
        var patience = SyncPatience(consumerTimeout: .seconds(600))
        patience.failed(LedgerError(code: code, message: "scripted"), at: start)
        #expect(patience.isOver(at: start) && patience.holdsDispatch(at: start))
        patience.answered()
        #expect(!patience.isOver(at: start) && !patience.holdsDispatch(at: start))
    }

    @Test(
        "pauses grow until an import succeeds: to half a minute in an outage, to five minutes where Tasker is refused"
    )
    func pauses() {
        for (code, longest) in [(LedgerError.Code.unavailable, 30.0), (.unauthorised, 300.0)] {
            var patience = SyncPatience(consumerTimeout: .seconds(600))
            var pauses: [Double] = []
            for _ in 0..<60 {
                patience.failed(LedgerError(code: code, message: "scripted"), at: start)
                pauses.append(patience.nextPause() / .seconds(1))
                patience.answered()
            }
            #expect(pauses[0] <= longest / 15)
            #expect(pauses.max()! <= longest && pauses.max()! > longest / 2)
            patience.succeeded()
            patience.failed(away, at: start)
            #expect(patience.nextPause() <= .milliseconds(500))
        }
    }

    @Test("ScanLedger is left alone for as long as it asks, up to five minutes")
    func retryAfter() {
        var patience = SyncPatience(consumerTimeout: .seconds(600))
        patience.failed(LedgerError(code: .unavailable, message: "", retryAfter: .seconds(40)), at: start)
        #expect(patience.nextPause() == .seconds(40))
        patience.failed(LedgerError(code: .unavailable, message: "", retryAfter: .seconds(3_600)), at: start)
        #expect(patience.nextPause() == .seconds(300))
    }
}
