import Testing

@testable import TaskerCoordinator

@Suite("Batches on their way to the broker")
struct DeparturesTests {
    @Test("who waits does so for all batches that began before, and for none that began later")
    func waiting() async {
        let departures = Departures()
        let first = await departures.begin()
        let second = await departures.begin()
        let waiter = Task { await departures.waitForEarlier() }
        while await departures.waiters < 1 { await Task.yield() }
        _ = await departures.begin()
        await departures.end(second)
        #expect(await departures.waiters == 1)
        await departures.end(first)
        #expect(await departures.waiters == 0)
        await waiter.value
    }

    @Test("nobody waits where nothing is on its way")
    func nothing() async {
        let departures = Departures()
        await departures.end(await departures.begin())
        await departures.waitForEarlier()
        #expect(await departures.waiters == 0)
    }
}
