import AMQPMessages
import Testing

@Suite("AMQP field tables")
struct AMQPTableTests {
    @Test("fields keep the order in which they were written")
    func keepsOrder() {
        let table: AMQPTable = ["zulu": 1, "alpha": "two", "mike": true]

        #expect(table.map(\.name) == ["zulu", "alpha", "mike"])
        #expect(table.fields.map(\.value) == [.int(1), .string("two"), .bool(true)])
    }

    @Test("setting a present name replaces its value in place")
    func replacesInPlace() {
        var table: AMQPTable = ["first": 1, "second": 2]

        table["first"] = "changed"

        #expect(table == ["first": "changed", "second": 2])
    }

    @Test("setting a new name appends it")
    func appends() {
        var table = AMQPTable()

        table["task"] = "scan"
        table["retries"] = 0

        #expect(table == ["task": "scan", "retries": 0])
    }

    @Test("setting nil removes a field, setting null keeps an empty one")
    func nilRemovesNullStays() {
        var table: AMQPTable = ["removed": 1, "emptied": 2]

        table["removed"] = nil
        table["absent"] = nil
        table["emptied"] = AMQPValue.null

        #expect(table == ["emptied": .null])
    }

    @Test("a repeated name is kept, and the first one is found")
    func repeatedNames() {
        let table = AMQPTable([.init(name: "x", value: 1), .init(name: "x", value: 2)])

        #expect(table.count == 2)
        #expect(table["x"] == 1)
    }

    @Test("literals build nested values")
    func literals() {
        let table: AMQPTable = ["list": [1, "a", nil, 2.5], "inner": ["deep": ["deeper": false]]]

        #expect(table["list"]?.arrayValue == [.int(1), .string("a"), .null, .double(2.5)])
        #expect(table["inner"]?.tableValue?["deep"]?.tableValue?["deeper"]?.boolValue == false)
    }

    @Test("a typed accessor answers nil for a value of another type")
    func accessorsAreStrict() {
        #expect(AMQPValue.int(1).stringValue == nil)
        #expect(AMQPValue.string("1").intValue == nil)
        #expect(AMQPValue.int(0).boolValue == nil)
        #expect(AMQPValue.table([:]).arrayValue == nil)
        #expect(AMQPValue.array([]).tableValue == nil)
    }
}
