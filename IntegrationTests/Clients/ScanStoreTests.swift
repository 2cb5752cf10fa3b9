import AddressSpace
import Foundation
import RedisClient
import ScanModel
import ScanStore
import Testing
import UUIDText

/// The Redis data model against a real server: who may write, and what each transition does to the counts.
@Suite(.timeLimit(.minutes(2)))
struct ScanStoreTests {
    @Test("a plan, its names and its request come back as they were stored")
    func loading() async throws {
        try await withFixture { fixture in
            let scan = try #require(try await fixture.leader.activeScan(fixture.scan))
            #expect(scan.request == StoreFixture.request)
            #expect(scan.plan?.count == 4)
            #expect(scan.plan?.seed == 7)
            #expect(scan.plan?.hostnames == [.v4(0x1400_0002): ["a.test.example"]])
            #expect(scan.state == .running)
        }
    }

    @Test("a leader whose term is over changes nothing")
    func fencing() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<2)
            let second = try await fixture.elect("second")
            #expect(second.epoch > fixture.leader.term.epoch)
            let before = try await fixture.counts()
            let leader = fixture.leader
            let scan = fixture.scan
            let done = [Settlement(task: fixture.task(0), outcome: .done)]
            let claim = [Claim(task: fixture.task(2), source: .fresh)]
            let writes: [@Sendable () async throws -> Void] = [
                { try await leader.confirm([fixture.task(0)], of: scan) },
                { _ = try await leader.settle(done, of: scan) },
                { _ = try await leader.stop(scan, keepsInBetween: true) },
                { _ = try await leader.claim(claim, of: scan, cursor: 2, to: 3) },
                { try await leader.finishIntent("1-1") },
            ]
            for write in writes {
                let error = try await #require(throws: StoreError.self) { try await write() }
                #expect(error.code == .fenced)
            }
            #expect(try await fixture.counts() == before)
        }
    }

    @Test("an epoch is never used again, also when the lock record is deleted")
    func epochs() async throws {
        try await withFixture { fixture in
            _ = try await fixture.redis.execute(["DEL", "tasker:lock"])
            let next = try await fixture.elect("second")
            #expect(next.epoch > fixture.leader.term.epoch)
            let error = try await #require(throws: StoreError.self) {
                try await fixture.leader.confirm([fixture.task(0)], of: fixture.scan)
            }
            #expect(error.code == .fenced)
        }
    }

    @Test("a target goes through both phases once, and the counts add up at every step")
    func life() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<4)
            #expect(try await fixture.counts().inFlight == 4)
            try await fixture.leader.confirm((0..<4).map { fixture.task($0) }, of: fixture.scan)
            let running = RunningTarget(ip: "20.0.0.1", hostnames: [], worker: "w", startedAt: 5, phase: .openPorts)
            #expect(try await fixture.leader.start([(fixture.task(0), running)], of: fixture.scan) == [true])
            #expect(try await fixture.store.status(of: fixture.project).running == [running])
            #expect(try await fixture.leader.readyServices(after: fixture.task(0), host: [1, 2]))
            #expect(try await !fixture.leader.readyServices(after: fixture.task(0), host: [3]), "a result counts once")
            #expect(try await fixture.store.status(of: fixture.project).running.isEmpty)
            let services = fixture.task(0, .services)
            let claim = [Claim(task: services, source: .ready)]
            #expect(try await fixture.leader.claim(claim, of: fixture.scan, cursor: 4, to: 4) == [true])
            #expect(try await fixture.leader.claim(claim, of: fixture.scan, cursor: 4, to: 4) == [false])
            #expect(try await fixture.leader.storedHosts(of: [services]) == [[1, 2]])
            #expect(try await fixture.leader.markImports([services], of: fixture.scan) == [.marked])
            #expect(try await fixture.leader.markImports([services], of: fixture.scan) == [.repeated])
            let done = [Settlement(task: services, outcome: .done)]
            let lost = [Settlement(task: services, outcome: .failed, reason: .lost)]
            #expect(try await fixture.leader.settle(lost, of: fixture.scan) == [false], "its import was announced")
            let imported = try await fixture.leader.settle(done, of: fixture.scan, afterImport: true)
            #expect(imported == [true])
            let again = try await fixture.leader.settle(done, of: fixture.scan, afterImport: true)
            #expect(again == [false], "one outcome only")
            #expect(try await fixture.leader.markImports([services], of: fixture.scan) == [.stale])
            let counts = try await fixture.counts()
            #expect(counts.done == 1 && counts.inFlight == 3 && counts.pending == 0)
            let rest = (1..<4).map { Settlement(task: fixture.task($0), outcome: .failed, reason: .unroutable) }
            #expect(try await fixture.leader.settle(rest, of: fixture.scan) == [true, true, true])
            let progress = try #require(try await fixture.store.progress(of: fixture.scan, in: fixture.project))
            #expect(progress.state == .completed)
            #expect(progress.counts.failed == 3 && progress.counts.open == 0)
            #expect(progress.phases[.services]?.finished == 1)
            #expect(try await fixture.store.status(of: fixture.project).activeOrQueued == 0)
        }
    }

    @Test("a parked target comes back with the next attempt, and the earlier attempt counts no more")
    func parking() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<1)
            let parking = Parking(task: fixture.task(0), nextAttempt: 2, notBefore: 99)
            #expect(try await fixture.leader.park([parking], of: fixture.scan) == [true])
            #expect(try await fixture.leader.park([parking], of: fixture.scan) == [false])
            let counts = try await fixture.counts()
            #expect(counts.parked == 1 && counts.inFlight == 0 && counts.pending == 3)
            let late = [Settlement(task: fixture.task(0), outcome: .done)]
            #expect(try await fixture.leader.settle(late, of: fixture.scan) == [false])
            let again = [Claim(task: fixture.task(0, .openPorts, 2), source: .parked)]
            #expect(try await fixture.leader.claim(again, of: fixture.scan, cursor: 1, to: 1) == [true])
            #expect(try await fixture.counts().inFlight == 1)
        }
    }

    @Test("a claim with another cursor than Redis has is refused as a whole")
    func cursor() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<2)
            let stale = [Claim(task: fixture.task(1), source: .fresh)]
            #expect(try await fixture.leader.claim(stale, of: fixture.scan, cursor: 1, to: 2) == nil)
            #expect(try await fixture.counts().inFlight == 2)
        }
    }

    @Test("after the stop flag no claim succeeds; the stop gives up all but what is in between or being imported")
    func stopping() async throws {
        try await withFixture { fixture in
            try await fixture.claim(0..<3)
            #expect(try await fixture.leader.readyServices(after: fixture.task(0), host: [1]))
            #expect(try await fixture.leader.markImports([fixture.task(1)], of: fixture.scan) == [.marked])
            #expect(
                try await fixture.store.requestStop(of: fixture.project, receipt: UUID(), by: .test) == [fixture.scan]
            )
            let claim = [Claim(task: fixture.task(3), source: .fresh)]
            #expect(try await fixture.leader.claim(claim, of: fixture.scan, cursor: 3, to: 4) == nil)
            let result = try await fixture.leader.stop(fixture.scan, keepsInBetween: true)
            #expect(result.givenUp == 2)
            // Also what an earlier attempt's worker, or an earlier leader, may still have of the first target.
            #expect(Set(result.revoked) == [fixture.task(2), fixture.task(0)])
            #expect(result.inBetween == [fixture.task(0, .services)])
            let again = try await fixture.leader.stop(fixture.scan, keepsInBetween: true)
            #expect(again.givenUp == 2 && again.inBetween == result.inBetween)
            #expect(Set(again.revoked) == Set(result.revoked))
            _ = try await fixture.leader.settle(
                [
                    Settlement(task: fixture.task(0, .services), outcome: .donePartial, reason: .stopped),
                    Settlement(task: fixture.task(1), outcome: .done),
                ],
                of: fixture.scan,
                afterImport: true
            )
            let progress = try #require(try await fixture.store.progress(of: fixture.scan, in: fixture.project))
            #expect(progress.state == .stopped)
            #expect(progress.counts.cancelled == 2 && progress.counts.done == 1 && progress.counts.donePartial == 1)
            #expect(progress.counts.open == 0)
        }
    }

    @Test("a stop overtakes planning")
    func stopWhilePlanning() async throws {
        try await withFixture(planned: false) { fixture in
            #expect(try await fixture.store.status(of: fixture.project).activeOrQueued == 1)
            _ = try await fixture.store.requestStop(of: fixture.project, receipt: UUID(), by: .test)
            #expect(try await !fixture.leader.setPlanningState(.waitingForDNS, detail: "", of: fixture.scan))
            let plan = Plan(targets: AddressSet([AddressRange(.v4(0x1400_0001))]), hostnames: [:], seed: 1)
            let answer = PlanAnswer.pending(scanID: fixture.scan, state: .running)
            #expect(try await !fixture.commit(plan, answer))
            _ = try await fixture.leader.stop(fixture.scan, keepsInBetween: true)
            #expect(try await fixture.store.answer(for: fixture.scan).state == .stopped)
        }
    }

    @Test("intents come back until they are finished, in the order of arrival")
    func intents() async throws {
        try await withFixture(planned: false) { fixture in
            let receipt = UUID()
            _ = try await fixture.store.requestStop(of: fixture.project, receipt: receipt, by: .test)
            let (intents, unreadable) = try await fixture.leader.intents(limit: 10)
            #expect(unreadable.isEmpty)
            #expect(intents.map(\.kind) == [.start(fixture.scan), .stop([fixture.scan], receipt: receipt.text)])
            try await fixture.leader.finishIntent(intents[0].entry)
            #expect(try await fixture.leader.intents(limit: 10).intents.map(\.entry) == [intents[1].entry])
            try await fixture.leader.writeReceipt(
                StopReceipt(revoked: 3, unconfirmed: 1, finishing: 0),
                id: receipt.text,
                of: fixture.project
            )
            #expect(try await fixture.store.receipt(receipt)?.revoked == 3)
        }
    }

    @Test("what a stop leaves unconfirmed is the project's, outlives leaders, and is what a later stop is for")
    func unconfirmed() async throws {
        try await withFixture(planned: false) { fixture async throws in
            let other = ProjectID(UUID())
            let kept = [
                UnconfirmedTask(id: UUID(), nodes: ["tasker@w1", "tasker@w2"], until: 7),
                UnconfirmedTask(id: UUID(), nodes: [], until: 8),
            ]
            let foreign = UnconfirmedTask(id: UUID(), nodes: ["tasker@w1"], until: 9)
            try await fixture.leader.keepUnconfirmed(kept, notAnyMore: [], of: fixture.project)
            try await fixture.leader.keepUnconfirmed([foreign], notAnyMore: [], of: other)
            let successor = LeaderStore(redis: fixture.redis, term: try await fixture.elect("second"))
            #expect(Set(try await successor.unconfirmedTasks(of: fixture.project)) == Set(kept))
            #expect(Set(try await successor.unconfirmedTasks()) == Set(kept + [foreign]))
            #expect(try await fixture.store.requestStop(of: other, receipt: UUID(), by: .test) == [])
            try await successor.keepUnconfirmed([], notAnyMore: [foreign.id], of: other)
            #expect(try await fixture.store.requestStop(of: other, receipt: UUID(), by: .test) == nil)
            #expect(Set(try await successor.unconfirmedTasks()) == Set(kept))
            await #expect(throws: StoreError.self) {
                try await fixture.leader.keepUnconfirmed([foreign], notAnyMore: [], of: other)
            }
        }
    }

    @Test("a project sees nothing of another project's scan")
    func tenancy() async throws {
        try await withFixture { fixture in
            let other = ProjectID(UUID())
            let progress = try await fixture.store.progress(of: fixture.scan, in: other)
            let scans = try await fixture.store.scans(of: other, limit: 10)
            let status = try await fixture.store.status(of: other)
            let stopped = try await fixture.store.requestStop(of: other, receipt: UUID(), by: .test)
            let own = try await fixture.store.scans(of: fixture.project, limit: 10)
            #expect(progress == nil && scans.isEmpty && stopped == nil)
            #expect(status.activeOrQueued == 0)
            #expect(own.map(\.id) == [fixture.scan])
        }
    }
}
