import Foundation
import ScanModel
import Testing

struct PlanAnswerTests {
    @Test("an answer has every field of the original, zeros and nulls included")
    func shape() throws {
        var summary = PlanSummary()
        summary.refused[.unresolvable] = 1
        let id = ScanID(UUID())
        let answer = PlanAnswer(
            summary: summary,
            preparedTargets: ["20.9.9.9": PreparedTarget(hostnames: [], reason: nil)],
            inputToScan: [InputMapping(input: "20.9.9.9", scannedIP: "20.9.9.9", hostnames: [])],
            scanID: id,
            state: .running,
            preparedTargetsTotal: 1,
            inputToScanTotal: 1
        )
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(answer)) as? [String: Any]
        let object = try #require(json)
        let counts = try #require(object["summary"] as? [String: Any])
        let names = ["provided", "duplicates_removed", "resolved_ips", "hostnames_collapsed_to_ip", "sent_to_scan"]
        for name in names { #expect(counts[name] is Int, "\(name)") }
        let refused = try #require(counts["refused"] as? [String: Int])
        #expect(
            refused == [
                "already_in_scanledger": 0, "already_in_queue": 0, "forbidden": 0, "private_ip": 0, "unresolvable": 1,
                "other": 0,
            ]
        )
        let targets = try #require(object["prepared_targets"] as? [String: [String: Any]])
        #expect(targets["20.9.9.9"]?["reason"] is NSNull)
        #expect(targets["20.9.9.9"]?["valid"] as? Bool == true)
        #expect(object["truncated"] as? Bool == false)
        #expect(try JSONDecoder().decode(PlanAnswer.self, from: JSONEncoder().encode(answer)) == answer)
    }

    @Test("an answer whose lists were cut says so")
    func truncated() {
        let answer = PlanAnswer(
            summary: PlanSummary(),
            preparedTargets: [:],
            inputToScan: [],
            scanID: ScanID(UUID()),
            state: .running,
            preparedTargetsTotal: 7,
            inputToScanTotal: 0
        )
        #expect(answer.truncated)
    }

    @Test("the counts of targets always add up to the plan")
    func identity() {
        var counts = TargetCounts()
        counts.planned = 100
        counts.inFlight = 7
        counts.parked = 3
        counts.done = 40
        counts.donePartial = 2
        counts.failed = 1
        counts.cancelled = 5
        #expect(counts.pending == 42)
        #expect(counts.open == 52)
    }
}
