import AMQPClient
import AMQPMessages
import AddressSpace
import Foundation
import Nmap
import ScanLedger
import ScanModel
import Testing

@testable import TaskerCoordinator

@Suite("The finished hosts of a project")
struct ImportQueueTests {
    private let queue = ImportQueue(project: ProjectID(UUID()))
    private let scan = ScanID(UUID())

    private func host(_ target: Int, scan: ScanID? = nil, delivery number: UInt64? = nil) throws -> FinishedHost {
        let element = #"""
            <host starttime="1" endtime="2"><status state="up" reason="user-set" reason_ttl="0"/>\#
            <address addr="20.0.0.1" addrtype="ipv4"/><ports/></host>
            """#
        let host = try NmapHost(encoded: Array(element.utf8))
        let message = AMQPMessage(exchange: "", routingKey: "q", body: [])
        return FinishedHost(
            task: TaskReference(scan: scan ?? self.scan, target: target, phase: .openPorts, attempt: 1),
            host: host,
            outcome: .done,
            reason: nil,
            detail: nil,
            request: .anything(),
            delivery: number.map { AMQPDelivery(queue: "q", message: message, number: $0) }
        )
    }

    @Test("a result waits from when it came until it is dealt with, also while the broker has it again")
    func waitingSince() async throws {
        #expect(queue.waitingSince == nil)
        let first = try host(1, delivery: 1)
        #expect(queue.append(first))
        #expect(queue.waitingSince == first.since)
        let batch = await queue.next()
        queue.finishBatch(retrying: batch)
        _ = queue.giveBack()
        #expect(queue.all.isEmpty && queue.waitingSince == first.since)
        queue.intake.open()
        #expect(queue.append(try host(1, delivery: 2)))
        #expect(queue.waitingSince == first.since)
        _ = await queue.next()
        queue.finishBatch(retrying: [])
        #expect(queue.waitingSince == nil)
    }

    @Test("a few hosts that nothing else is left beside are poison once they have been refused for long")
    func poison() async throws {
        let refused = ContinuousClock.now
        let error = LedgerError(code: .rejected, message: "500")
        for target in 1...ImportQueue.poisonAtOnce {
            #expect(queue.append(try host(target).refused(with: error, at: refused)))
        }
        #expect(queue.takePoison(refusedBefore: refused).isEmpty, "not for long")
        let later = refused + .seconds(1)
        #expect(queue.takePoison(refusedBefore: later).count == ImportQueue.poisonAtOnce)
        #expect(queue.holds(try host(1).task), "until it is dealt with")
        queue.finishBatch(retrying: [])
        #expect(queue.takePoison(refusedBefore: later).isEmpty && queue.all.isEmpty)
    }

    @Test("refused hosts are no poison where others wait, or where they are many", arguments: [true, false])
    func outage(areMany: Bool) throws {
        let refused = ContinuousClock.now
        let error = LedgerError(code: .rejected, message: "500")
        for target in 1...(areMany ? ImportQueue.poisonAtOnce + 1 : 1) {
            #expect(queue.append(try host(target).refused(with: error, at: refused)))
        }
        if !areMany { #expect(queue.append(try host(0))) }
        #expect(queue.takePoison(refusedBefore: refused + .seconds(1)).isEmpty)
    }

    @Test("a batch has hosts of one scan, in the order in which they came; those of others keep theirs")
    func batches() async throws {
        let other = ScanID(UUID())
        for (target, scan) in [(1, scan), (2, other), (3, scan), (4, other)] {
            #expect(queue.append(try host(target, scan: scan)))
        }
        #expect(await queue.next().map(\.task.target) == [1, 3])
        #expect(queue.holds(try host(1).task), "also while it is imported")
        queue.finishBatch(retrying: [])
        #expect(await queue.next().map(\.task.target) == [2, 4])
    }

    @Test("what is to be tried again goes behind all others, unless its result was delivered again meanwhile")
    func retrying() async throws {
        #expect(queue.append(try host(1, delivery: 1)))
        #expect(queue.append(try host(2, delivery: 2)))
        let batch = await queue.next()
        #expect(queue.append(try host(3, delivery: 3)))
        #expect(queue.append(try host(1, delivery: 4)))
        queue.finishBatch(retrying: batch)
        let next = await queue.next()
        #expect(next.map(\.task.target) == [3, 1, 2])
        #expect(next[1].delivery?.id == (try host(1, delivery: 4)).delivery?.id)
    }

    @Test("results that go back are forgotten and no others are taken, but for hosts that came without one")
    func givingBack() async throws {
        #expect(queue.append(try host(1, delivery: 1)))
        #expect(queue.append(try host(2)))
        #expect(queue.append(try host(3, delivery: 3)))
        #expect(queue.giveBack().count == 2)
        #expect(!queue.intake.isOpen)
        #expect(queue.append(try host(4)))
        #expect(try !queue.append(host(5, delivery: 5)), "it has to wait with the broker")
        #expect(await queue.next().map(\.task.target) == [2, 4])
        queue.intake.open()
        #expect(queue.append(try host(5, delivery: 5)))
    }

    @Test("whoever waits for the intake to open or to close is woken by that, and by the task's end")
    func valve() async {
        let valve = Valve()
        await valve.wait(untilOpen: true)
        async let closed: Void = valve.wait(untilOpen: false)
        valve.close()
        await closed
        async let opened: Void = valve.wait(untilOpen: true)
        valve.open()
        await opened
        let cancelled = Task { await valve.wait(untilOpen: false) }
        cancelled.cancel()
        await cancelled.value
    }
}
