import Foundation
import ScanModel
import ScanStore
import Testing

@testable import TaskerCoordinator

/// A claim whose reply was lost.
struct DispatchBatchTests {
    /// Two fresh targets, one passed over, one between the phases, and a retry.
    private func batch() async throws -> DispatchBatch {
        let scan = ActiveScan.running(targets: 10, cursor: 2)
        let plan = try #require(scan.plan)
        let claims: [(Int, Phase, Int, Claim.Source)] = [
            (0, .services, 1, .ready), (1, .openPorts, 2, .parked), (2, .openPorts, 1, .fresh),
            (3, .openPorts, 1, .passedOver), (4, .openPorts, 1, .fresh),
        ]
        return DispatchBatch(
            entry: ScanEntry(scan),
            plan: plan,
            claims: claims.map { target, phase, attempt, source in
                let task = TaskReference(scan: scan.id, target: target, phase: phase, attempt: attempt)
                return Claim(task: task, source: source)
            },
            cursorBefore: 2,
            cursorAfter: 5
        )
    }

    private func found(_ claim: Claim, _ state: TaskState) -> ActiveScan.Task {
        ActiveScan.Task(task: claim.task, state: state, since: 0, worker: nil)
    }

    @Test("claims that Redis has as they were made are one's own, also where the answer to the second try is no")
    func applied() async throws {
        let batch = try await batch()
        var tasks: [Int: ActiveScan.Task] = [:]
        for claim in batch.claims {
            tasks[claim.task.target] = found(claim, claim.source == .passedOver ? .parked : .claimed)
        }
        #expect(batch.held(by: tasks) == [true, true, true, true, true])
    }

    @Test("claims that Redis does not have are nobody's")
    func notApplied() async throws {
        let batch = try await batch()
        let (ready, retry) = (batch.claims[0], batch.claims[1])
        #expect(batch.held(by: [0: found(ready, .ready), 1: found(retry, .parked)]) == nil)
        #expect(batch.held(by: [:]) == nil)
    }

    @Test("each claim counts by itself: another attempt, another state, or a target that is gone is not one's own")
    func inPart() async throws {
        let batch = try await batch()
        let claims = batch.claims
        let earlier = TaskReference(scan: batch.scan, target: 1, phase: .openPorts, attempt: 1)
        let tasks = [
            0: found(claims[0], .claimed), 1: ActiveScan.Task(task: earlier, state: .claimed, since: 0, worker: nil),
            2: found(claims[2], .finishing), 3: found(claims[3], .claimed),
        ]
        #expect(batch.held(by: tasks) == [true, false, false, false, false])
    }
}
