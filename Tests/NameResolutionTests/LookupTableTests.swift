import AddressSpace
import Testing

@testable import NameResolution

@Suite("Look-up table")
struct LookupTableTests {
    private final class Waiter {}

    private func key(_ name: String, _ families: Set<AddressFamily> = [.v4]) -> LookupKey {
        LookupKey(name: name, families: families)
    }

    private static let found = Resolution.addresses([.v4(1)])

    @Test("names are started in turn, so many at a time")
    func turns() {
        var table = LookupTable<Waiter>(maximumConcurrent: 2)
        for name in ["a", "b", "c", "d"] {
            table.add(Waiter(), for: key(name))
        }
        #expect(table.next() == key("a"))
        #expect(table.next() == key("b"))
        #expect(table.next() == nil)
        #expect(!table.canStart)
        _ = table.record(Self.found, for: key("b"), family: .v4)
        table.add(Waiter(), for: key("e"))
        #expect(table.next() == key("c"))
        #expect(table.next() == nil)
    }

    @Test("a name under way or in line is not asked twice, and all who ask get the answer")
    func joins() {
        var table = LookupTable<Waiter>(maximumConcurrent: 2)
        let waiters = (0..<3).map { _ in Waiter() }
        table.add(waiters[0], for: key("a"))
        table.add(waiters[1], for: key("a"))
        #expect(table.next() == key("a"))
        table.add(waiters[2], for: key("a"))
        #expect(table.next() == nil)
        let ended = table.record(Self.found, for: key("a"), family: .v4)
        #expect(ended?.waiters.map(ObjectIdentifier.init) == waiters.map(ObjectIdentifier.init))
        #expect(ended?.resolution == Self.found)
        table.add(waiters[0], for: key("a"))
        #expect(table.next() == key("a"))
    }

    @Test("the same name in other families is another look-up")
    func families() {
        var table = LookupTable<Waiter>(maximumConcurrent: 9)
        table.add(Waiter(), for: key("a", [.v4]))
        table.add(Waiter(), for: key("a", [.v4, .v6]))
        #expect(table.next() == key("a", [.v4]))
        #expect(table.next() == key("a", [.v4, .v6]))
    }

    @Test("a look-up ends with its last family, IPv4 first whatever comes first")
    func lastFamily() {
        var table = LookupTable<Waiter>(maximumConcurrent: 1)
        let both = key("a", [.v4, .v6])
        table.add(Waiter(), for: both)
        #expect(table.next() == both)
        let first = table.record(.addresses([.v6(1)]), for: both, family: .v6)
        #expect(first == nil)
        let ended = table.record(.addresses([.v4(1)]), for: both, family: .v4)
        #expect(ended?.resolution == .addresses([.v4(1), .v6(1)]))
    }

    @Test("a name nobody waits for any more is not started; one under way still takes its place")
    func abandoned() throws {
        var table = LookupTable<Waiter>(maximumConcurrent: 1)
        let waiters = (0..<3).map { _ in Waiter() }
        table.add(waiters[0], for: key("a"))
        table.add(waiters[1], for: key("b"))
        table.add(waiters[2], for: key("c"))
        #expect(table.next() == key("a"))
        table.remove(waiters[0], for: key("a"))
        table.remove(waiters[1], for: key("b"))
        #expect(table.next() == nil)
        let ended = table.record(Self.found, for: key("a"), family: .v4)
        #expect(ended?.waiters.isEmpty == true)
        #expect(table.next() == key("c"))
        #expect(table.next() == nil)
    }

    @Test("given up and asked for again, a name is started once")
    func askedAgain() {
        var table = LookupTable<Waiter>(maximumConcurrent: 9)
        let waiter = Waiter()
        table.add(waiter, for: key("a"))
        table.remove(waiter, for: key("a"))
        table.add(waiter, for: key("a"))
        #expect(table.next() == key("a"))
        #expect(table.next() == nil)
    }

    @Test("at the end everybody who waits is known, and nothing is left")
    func removesAll() {
        var table = LookupTable<Waiter>(maximumConcurrent: 1)
        table.add(Waiter(), for: key("a"))
        table.add(Waiter(), for: key("b"))
        #expect(table.next() == key("a"))
        #expect(table.removeAll().count == 2)
        #expect(table.next() == nil)
    }

    @Test(
        "answers of two families are combined without taking silence for absence",
        arguments: [
            ([found, .notFound(reason: "x")], found),
            ([.unavailable(reason: "x"), found], found),
            ([.notFound(reason: "x"), .unavailable(reason: "y")], .unavailable(reason: "y")),
            ([.unavailable(reason: "y"), .notFound(reason: "x")], .unavailable(reason: "y")),
            ([.notFound(reason: "x"), .notFound(reason: "x")], .notFound(reason: "x")),
            ([.addresses([.v4(2), .v4(1), .v4(2)])], .addresses([.v4(2), .v4(1)])),
        ]
    )
    func combines(answers: [Resolution], expected: Resolution) {
        #expect(Resolution(combining: answers) == expected)
    }
}
