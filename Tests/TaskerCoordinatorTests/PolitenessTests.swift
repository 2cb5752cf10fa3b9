import AddressSpace
import Foundation
import PropertyTesting
import ScanModel
import Testing

@testable import TaskerCoordinator

struct PolitenessTests {
    private let address = IPAddress.v4(0x1400_0001)
    private let neighbour = IPAddress.v4(0x1400_0002)

    @Test("an address and its network have limits of their own")
    func limits() {
        var politeness = Politeness(PolitenessLimits(perTarget: 2, perNetwork: 3))
        politeness.enter(address)
        #expect(politeness.admits(address))
        politeness.enter(address)
        #expect(politeness.obstacle(to: address) == .address(address))
        #expect(politeness.admits(neighbour))
        politeness.enter(neighbour)
        #expect(politeness.obstacle(to: neighbour) == .network24(0x14_0000))
        #expect(politeness.admits(.v4(0x1400_0101)), "another network")
        politeness.leave(address)
        #expect(politeness.admits(address))
    }

    @Test("the network of an IPv6 address is its /64")
    func networksOfVersion6() {
        var politeness = Politeness(PolitenessLimits(perTarget: 0, perNetwork: 1))
        politeness.enter(.v6(0x2001_0db8 << 96 | 1))
        #expect(!politeness.admits(.v6(0x2001_0db8 << 96 | 0xffff << 48)))
        #expect(politeness.admits(.v6(0x2001_0db8 << 96 | 1 << 64)))
    }

    @Test("zero is no limit, and then nothing is counted")
    func off() {
        var politeness = Politeness(.none)
        for _ in 0..<1_000 { politeness.enter(address) }
        #expect(politeness.admits(address))
        #expect(politeness.isEmpty)
        for _ in 0..<1_000 { politeness.leave(address) }
    }

    @Test("counts equal a naive count after any entering and leaving, and places without targets take no memory")
    func naiveCount() {
        var random = SeededGenerator(seed: 11)
        var politeness = Politeness(PolitenessLimits(perTarget: 3, perNetwork: 5))
        var present: [IPAddress] = []
        for _ in 0..<10_000 {
            if present.isEmpty || Bool.random(using: &random) {
                present.append(.v4(UInt32.random(in: 0..<1_024, using: &random)))
                politeness.enter(present[present.count - 1])
            } else {
                politeness.leave(present.remove(at: Int.random(in: present.indices, using: &random)))
            }
            let probe = IPAddress.v4(UInt32.random(in: 0..<1_024, using: &random))
            let same = present.count { $0 == probe }
            let near = present.count { Politeness.Place.network(of: $0) == .network(of: probe) }
            #expect(politeness.admits(probe) == (same < 3 && near < 5))
            if present.count > 40 { politeness.leave(present.removeLast()) }
        }
        for address in present { politeness.leave(address) }
        #expect(politeness.isEmpty)
    }
}

struct PlaceWaitsTests {
    private let place = Politeness.Place.network24(1)
    private let scan = ScanID(UUID())

    /// Tickets of a scan with this many parked targets.
    private func tickets(_ count: Int) -> [ScanTasks.Ticket] {
        var tasks = ScanTasks()
        let now = ContinuousClock().now
        for target in 0..<count {
            let task = TaskReference(scan: scan, target: target, phase: .openPorts, attempt: 1)
            tasks.set(TargetLife(reference: task, state: .parked, since: now), of: target)
        }
        tasks.lineUp(dueAt: now)
        return (0..<count).compactMap { _ in tasks.removeFirst(of: .first) }
    }

    @Test("nobody is let through before a place is freed, and then as many as there is room for, in order")
    func order() {
        var waits = PlaceWaits()
        let tickets = tickets(3)
        for ticket in tickets { waits.wait(ticket, of: scan, for: place) }
        #expect(waits.letThrough(of: scan) { _ in 1 }.isEmpty)
        waits.free(place)
        #expect(waits.letThrough(of: scan) { _ in 2 } == Array(tickets[..<2]))
        #expect(waits.letThrough(of: scan) { _ in 1 }.isEmpty, "nothing was freed since")
        waits.free(.network24(2))
        #expect(waits.letThrough(of: scan) { _ in 1 }.isEmpty, "another place")
        waits.free(place)
        #expect(waits.letThrough(of: scan) { _ in 0 }.isEmpty, "somebody else was faster")
        waits.free(place)
        #expect(waits.letThrough(of: scan) { _ in 5 } == [tickets[2]])
        #expect(waits.isEmpty)
    }

    @Test("every scan that waits for a place hears of it, and a forgotten one leaves nothing behind")
    func severalScans() {
        var waits = PlaceWaits()
        let other = ScanID(UUID())
        let tickets = tickets(2)
        waits.wait(tickets[0], of: scan, for: place)
        waits.wait(tickets[1], of: other, for: place)
        waits.free(place)
        waits.forget(scan)
        #expect(waits.letThrough(of: scan) { _ in 1 }.isEmpty)
        #expect(waits.letThrough(of: other) { _ in 1 } == [tickets[1]])
        #expect(waits.isEmpty)
    }
}
