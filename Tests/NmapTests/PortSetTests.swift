import Foundation
import Nmap
import PropertyTesting
import Testing

@Suite("Port sets")
struct PortSetTests {
    @Test("ports and ranges are sorted, merged and written as nmap reads them")
    func merges() throws {
        let ports = try PortSet(parsing: ["1000-2000", "80", "443", "81", "1500-2001", "80"])
        #expect(ports.nmapList == "80-81,443,1000-2001")
        #expect(ports.count == 1005)
        #expect(ports.contains(80) && ports.contains(2001) && !ports.contains(82) && !ports.contains(2002))
    }

    @Test("the whole range is one range")
    func wholeRange() throws {
        let ports = try PortSet(parsing: ["1-65535"])
        #expect(ports.nmapList == "1-65535")
        #expect(ports.count == 65_535)
        #expect(try PortSet(parsing: ["65535", "1-65534"]) == ports)
    }

    @Test(
        "an entry that is not a port or a range is refused by its place",
        arguments: [
            "", "-", "80-", "-80", "1-2-3", "80,443", " 80", "80 ", "80\r\n", "80\n", "+80", "-1", "0x50", "8O", "80.0",
            "0", "0-10", "65536", "1-65536", "99999999999999999999", "90-80", "٨٠", "８０", "80;id", "$(id)", "--iflist",
            "T:80", "http", "*", "80\0",
        ]
    )
    func refuses(entry: String) {
        let error = #expect(throws: PortSyntaxError.self) { try PortSet(parsing: ["22", entry]) }
        #expect(error?.index == 1)
        #expect(error?.message.isEmpty == false)
    }

    @Test("an empty list is refused, since nmap would choose its own ports")
    func refusesNothing() {
        #expect(throws: PortSyntaxError.self) { try PortSet(parsing: []) }
    }

    @Test("a refusal quotes no more than the start of an entry, and no control characters")
    func quotesSafely() {
        let entry = "\u{1B}[2J" + String(repeating: "x", count: 100_000)
        let error = #expect(throws: PortSyntaxError.self) { try PortSet(parsing: [entry]) }
        #expect((error?.message.count ?? .max) < 200)
        #expect(error?.message.contains("\u{1B}") == false)
    }

    @Test("the set agrees with a naive one", arguments: 0..<50)
    func agreesWithNaive(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let ports = (0..<400).map { _ in UInt16.random(in: 0...1_000, using: &generator) }
        let naive = Set(ports).subtracting([0])
        let set = PortSet(ports: ports)
        #expect(set.count == naive.count)
        #expect((0...1_001).allSatisfy { set.contains(UInt16($0)) == naive.contains(UInt16($0)) })
        #expect(zip(set.ranges, set.ranges.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
    }

    @Test("a set survives JSON", arguments: [[], ["80"], ["1-65535"], ["80", "443", "8000-9000"]])
    func codable(entries: [String]) throws {
        let ports = entries.isEmpty ? PortSet(ports: []) : try PortSet(parsing: entries)
        #expect(try JSONDecoder().decode(PortSet.self, from: JSONEncoder().encode(ports)) == ports)
    }

    @Test("JSON that holds no port list is refused", arguments: ["\"80,\"", "\"80,x\"", "\"90-80\"", "80"])
    func refusesJSON(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(PortSet.self, from: Data(json.utf8)) }
    }
}
