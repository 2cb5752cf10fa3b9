import AddressSpace
import Testing

@testable import NameResolution

@Suite("Look-up table")
struct LookupTableTests {
    private final class Waiter {}

    private func key(_ name: String, _ families: Set<AddressFamily> = [.v4]) -> LookupKey {
        LookupKey(name: name, families: families)
    }

    private func table(concurrent: Int) -> LookupTable<Waiter> {
        LookupTable(limits: LookupLimits(concurrent: concurrent, patience: .seconds(6)))
    }

    private func startNext(
        _ table: inout LookupTable<Waiter>,
        at now: ContinuousClock.Instant = start
    ) throws -> (id: LookupID, key: LookupKey) {
        let next = table.next(at: now)
        return try #require(next)
    }

    private static let start = ContinuousClock.now
    private static let found = Resolution.addresses([.v4(1)])

    @Test("names are started in turn, so many at a time")
    func turns() throws {
        var table = table(concurrent: 2)
        for name in ["a", "b", "c", "d"] {
            table.add(Waiter(), for: key(name))
        }
        #expect(table.next(at: Self.start)?.key == key("a"))
        let second = try startNext(&table)
        #expect(second.key == key("b"))
        #expect(table.next(at: Self.start) == nil)
        #expect(!table.canStart)
        _ = table.record(Self.found, for: second.id, family: .v4)
        table.add(Waiter(), for: key("e"))
        #expect(table.next(at: Self.start)?.key == key("c"))
        #expect(table.next(at: Self.start) == nil)
    }

    @Test("a name under way or in line is not asked twice, and all who ask get the answer")
    func joins() throws {
        var table = table(concurrent: 2)
        let waiters = (0..<3).map { _ in Waiter() }
        table.add(waiters[0], for: key("a"))
        table.add(waiters[1], for: key("a"))
        let started = try startNext(&table)
        table.add(waiters[2], for: key("a"))
        #expect(table.next(at: Self.start) == nil)
        let ended = table.record(Self.found, for: started.id, family: .v4)
        #expect(ended?.waiters.map(ObjectIdentifier.init) == waiters.map(ObjectIdentifier.init))
        #expect(ended?.resolution == Self.found)
        table.add(waiters[0], for: key("a"))
        #expect(table.next(at: Self.start)?.key == key("a"))
    }

    @Test("the same name in other families is another look-up")
    func families() {
        var table = table(concurrent: 9)
        table.add(Waiter(), for: key("a", [.v4]))
        table.add(Waiter(), for: key("a", [.v4, .v6]))
        #expect(table.next(at: Self.start)?.key == key("a", [.v4]))
        #expect(table.next(at: Self.start)?.key == key("a", [.v4, .v6]))
    }

    @Test("a look-up ends with its last family, IPv4 first whatever comes first")
    func lastFamily() throws {
        var table = table(concurrent: 1)
        let both = key("a", [.v4, .v6])
        table.add(Waiter(), for: both)
        let id = try startNext(&table).id
        let first = table.record(.addresses([.v6(1)]), for: id, family: .v6)
        #expect(first == nil)
        let ended = table.record(.addresses([.v4(1)]), for: id, family: .v4)
        #expect(ended?.resolution == .addresses([.v4(1), .v6(1)]))
    }

    @Test("a name nobody waits for any more is not started; one under way still takes its place")
    func abandoned() throws {
        var table = table(concurrent: 1)
        let waiters = (0..<3).map { _ in Waiter() }
        table.add(waiters[0], for: key("a"))
        table.add(waiters[1], for: key("b"))
        table.add(waiters[2], for: key("c"))
        let id = try startNext(&table).id
        table.remove(waiters[0], for: key("a"))
        table.remove(waiters[1], for: key("b"))
        #expect(table.next(at: Self.start) == nil)
        let ended = table.record(Self.found, for: id, family: .v4)
        #expect(ended?.waiters.isEmpty == true)
        #expect(table.next(at: Self.start)?.key == key("c"))
        #expect(table.next(at: Self.start) == nil)
    }

    @Test("given up and asked for again, a name is started once")
    func askedAgain() {
        var table = table(concurrent: 9)
        let waiter = Waiter()
        table.add(waiter, for: key("a"))
        table.remove(waiter, for: key("a"))
        table.add(waiter, for: key("a"))
        #expect(table.next(at: Self.start)?.key == key("a"))
        #expect(table.next(at: Self.start) == nil)
    }

    @Test("a look-up that takes long no longer counts, so that another can start")
    func slow() {
        var table = table(concurrent: 2)
        for number in 0..<5 {
            table.add(Waiter(), for: key("\(number)"))
        }
        var started: [[String]] = []
        for milliseconds in [0, 249, 250, 499, 500] {
            let now = Self.start + .milliseconds(milliseconds)
            started.append((0..<5).compactMap { _ in table.next(at: now)?.key.name })
        }
        #expect(started == [["0", "1"], [], ["2", "3"], [], ["4"]])
    }

    @Test("slow look-ups that end make no room a second time")
    func slowEnds() throws {
        var table = table(concurrent: 1)
        for name in ["a", "b", "c"] {
            table.add(Waiter(), for: key(name))
        }
        let first = try startNext(&table)
        let later = Self.start + .seconds(1)
        #expect(table.next(at: later)?.key == key("b"))
        _ = table.record(Self.found, for: first.id, family: .v4)
        #expect(table.next(at: later) == nil)
    }

    @Test("slow ones included there is a limit")
    func limit() {
        var table = table(concurrent: 1 << 20)
        for number in 0...LookupLimits.mostAtATime {
            table.add(Waiter(), for: key("\(number)"))
        }
        let started = (0...LookupLimits.mostAtATime).count { _ in
            table.next(at: Self.start) != nil
        }
        #expect(started == LookupLimits.mostAtATime)
        #expect(table.next(at: Self.start + .seconds(1)) == nil)
    }

    @Test("a look-up is given up when its time is over, with the answers it has; later ones for it are nobody's")
    func givenUp() throws {
        var table = table(concurrent: 9)
        let both = key("both", [.v4, .v6])
        table.add(Waiter(), for: both)
        table.add(Waiter(), for: key("none"))
        let first = try startNext(&table)
        _ = table.record(Self.found, for: first.id, family: .v4)
        let second = try startNext(&table, at: Self.start + .seconds(1))
        let silence = Resolution.unavailable(reason: "x")
        let end = Self.start + .seconds(6)
        #expect(table.giveUp(at: end - .milliseconds(1), as: silence) == nil)
        #expect(table.nextChange == end)
        #expect(table.giveUp(at: end, as: silence)?.resolution == Self.found)
        #expect(table.giveUp(at: end, as: silence) == nil)
        #expect(table.giveUp(at: end + .seconds(1), as: silence)?.resolution == silence)
        table.add(Waiter(), for: key("none"))
        #expect(table.record(Self.found, for: second.id, family: .v4) == nil)
        #expect(table.next(at: end)?.key == key("none"))
    }

    @Test("at the end everybody who waits is known, and nothing is left")
    func removesAll() {
        var table = table(concurrent: 1)
        table.add(Waiter(), for: key("a"))
        table.add(Waiter(), for: key("b"))
        #expect(table.next(at: Self.start)?.key == key("a"))
        #expect(table.removeAll().count == 2)
        #expect(table.next(at: Self.start) == nil)
    }

    @Test(
        "answers of two families are combined without taking silence for absence",
        arguments: [
            ([found, .notFound(reason: "x")], found),
            ([.unavailable(reason: "x"), found], found),
            ([.notFound(reason: "x"), .unavailable(reason: "y")], .unavailable(reason: "y")),
            ([.unavailable(reason: "y"), .notFound(reason: "x")], .unavailable(reason: "y")),
            ([.notFound(reason: "x"), .unanswered(reason: "y")], .unanswered(reason: "y")),
            ([.unanswered(reason: "x"), .unavailable(reason: "y")], .unavailable(reason: "y")),
            ([.unavailable(reason: "y"), .unanswered(reason: "x")], .unavailable(reason: "y")),
            ([.notFound(reason: "x"), .notFound(reason: "x")], .notFound(reason: "x")),
            ([.addresses([.v4(2), .v4(1), .v4(2)])], .addresses([.v4(2), .v4(1)])),
        ]
    )
    func combines(answers: [Resolution], expected: Resolution) {
        #expect(Resolution(combining: answers) == expected)
    }
}
