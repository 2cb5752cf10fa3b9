import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing

/// What a leader reads again of a scan it knows, against a real server.
@Suite(.timeLimit(.minutes(2)))
struct ScanStoreReadingTests {
    @Test("tasks are read with their states, parked ones with the time of their next attempt")
    func currentTasks() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<3)
            let due = 4_102_444_800_123
            let parking = Parking(task: fixture.task(1), nextAttempt: 2, notBefore: due)
            #expect(try await fixture.leader.park([parking], of: fixture.scan) == [true])
            let tasks = try await fixture.leader.currentTasks(of: [0, 1, 3], in: fixture.scan)
            #expect(Set(tasks.keys) == [0, 1])
            #expect(tasks[0]?.task == fixture.task(0) && tasks[0]?.state == .claimed)
            #expect(tasks[1]?.task == fixture.task(1, .openPorts, 2) && tasks[1]?.state == .parked)
            #expect(tasks[1]?.since == due)
            #expect(try await fixture.leader.currentTasks(of: [], in: fixture.scan).isEmpty)
        }
    }

    @Test("a scan's course is what its whole record says, without the plan; none of a scan that has ended")
    func course() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<3)
            let parking = Parking(task: fixture.task(1), nextAttempt: 2, notBefore: 99)
            _ = try await fixture.leader.park([parking], of: fixture.scan)
            _ = try await fixture.store.pace(.paused, project: fixture.project, by: .test)
            let course = try #require(try await fixture.leader.course(of: fixture.scan))
            let scan = try #require(try await fixture.leader.activeScan(fixture.scan))
            #expect(course.isPaused && !course.isStopRequested)
            #expect(course.cursor == 3 && scan.cursor == 3)
            #expect(course.tasks.count == 3 && Set(course.tasks.values) == Set(scan.tasks))
            #expect(scan.tasks.first { $0.state == .parked }?.since == 99)
            _ = try await fixture.store.requestStop(of: fixture.project, receipt: UUID(), by: .test)
            #expect(try await fixture.leader.course(of: fixture.scan)?.isStopRequested == true)
            _ = try await fixture.leader.stop(fixture.scan, keepsInBetween: true)
            #expect(try await fixture.leader.course(of: fixture.scan) == nil)
            #expect(try await fixture.leader.course(of: ScanID(UUID())) == nil)
        }
    }

    @Test("a claim that was applied without an answer is refused when it is repeated, and shows in the tasks")
    func repeatedClaim() async throws {
        try await withFixture { fixture async throws in
            try await fixture.claim(0..<2)
            let claims = (0..<2).map { Claim(task: fixture.task($0), source: .fresh) }
            #expect(try await fixture.leader.claim(claims, of: fixture.scan, cursor: 0, to: 2) == nil)
            let tasks = try await fixture.leader.currentTasks(of: [0, 1], in: fixture.scan)
            #expect(tasks.values.allSatisfy { $0.state == .claimed })
        }
    }
}
