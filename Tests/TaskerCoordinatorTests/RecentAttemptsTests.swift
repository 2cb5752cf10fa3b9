import Foundation
import PropertyTesting
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

@Suite("Scans whose tasks fail")
struct RecentAttemptsTests {
    /// The reasons that were found, by the number of the attempt.
    private func found(_ attempts: [FailureReason?]) -> [Int: FailureReason] {
        var recent = RecentAttempts()
        var found: [Int: FailureReason] = [:]
        for (number, failure) in attempts.enumerated() {
            if let reason = recent.record(failure) { found[number] = reason }
        }
        return found
    }

    private func attempts(_ failure: FailureReason?, _ count: Int) -> [FailureReason?] {
        Array(repeating: failure, count: count)
    }

    @Test("half of the last 50 are found, and no fewer of them, nor of fewer")
    func half() {
        #expect(found(attempts(.unroutable, 49)).isEmpty)
        #expect(found(attempts(.unroutable, 50)) == [49: .unroutable])
        #expect(found(attempts(nil, 25) + attempts(.timedOut, 24)).isEmpty)
        #expect(found(attempts(nil, 25) + attempts(.timedOut, 25)) == [49: .timedOut])
        #expect(found(attempts(.timedOut, 25) + attempts(nil, 25)).isEmpty, "it mends by itself")
        #expect(found(attempts(nil, 500) + attempts(.workerError, 25)) == [524: .workerError])
    }

    @Test("two reasons are not added up")
    func reasons() {
        let mixed = (0..<50).map { [FailureReason.badReport, .timedOut, nil][$0 % 3] }
        #expect(found(mixed + mixed).isEmpty)
    }

    @Test("once found, counting begins anew")
    func anew() {
        #expect(found(attempts(.unroutable, 149)) == [49: .unroutable, 99: .unroutable])
    }

    @Test("what is counted is what is in the last 50, whatever came before")
    func naive() {
        forAll(cases: 200) { random in
            var recent = RecentAttempts()
            var last: [FailureReason?] = []
            for number in 0..<400 {
                let failure = [nil, nil, FailureReason.timedOut, .badReport].randomElement(using: &random) ?? nil
                last = (last + [failure]).suffix(50)
                let isHalf = failure != nil && last.count == 50 && last.count { $0 == failure } >= 25
                let reason = recent.record(failure)
                if reason != (isHalf ? failure : nil) { return "attempt \(number): \(reason as Any)" }
                if isHalf { last = [] }
            }
            return nil
        }
    }

    @Test("a worker that falls silent, or a rule that changed, is nothing against a scan")
    func meaning() {
        #expect(!FailureReason.lost.tellsOfTheScan && !FailureReason.deadline.tellsOfTheScan)
        #expect(!FailureReason.forbidden.tellsOfTheScan && !FailureReason.down.tellsOfTheScan)
        #expect(FailureReason.unroutable.tellsOfTheScan && FailureReason.workerError.tellsOfTheScan)
    }

    @Test("a scan that is resumed begins anew, one that is read again goes on")
    func book() async {
        let book = ScanBook(politeness: .none)
        let scan = ActiveScan.running()
        await book.adopt(scan)
        for _ in 0..<49 { #expect(await book.record(.unroutable, of: scan.id) == nil) }
        await book.pace(paused: [scan.id], of: scan.project)
        await book.pace(paused: [], of: scan.project)
        for _ in 0..<49 { #expect(await book.record(.unroutable, of: scan.id) == nil) }
        await book.adopt(scan)
        #expect(await book.record(.unroutable, of: scan.id) == .unroutable)
        #expect(await book.record(.unroutable, of: ScanID(UUID())) == nil)
    }
}
