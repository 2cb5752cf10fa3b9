import AddressSpace
import Foundation
import Testing

@testable import NameResolution

@Suite("Hosts file")
struct HostsFileTests {
    private static let start = ContinuousClock.now

    @Test("each line gives an address its names; comments and what is not an address are skipped")
    func parses() {
        let content = """
            # comment
            192.0.2.1\tone.test One  alias.test # dead.test
            192.0.2.2 one.test
              2001:db8::1 one.test
            fe80::1%lo0 one.test
            nonsense one.test

            192.0.2.3
            """
        #expect(
            HostsFile.parse(content) == [
                "one.test": [.v4(0xc000_0201), .v4(0xc000_0202), .v6(0x2001_0db8 << 96 | 1)],
                "one": [.v4(0xc000_0201)],
                "alias.test": [.v4(0xc000_0201)],
            ]
        )
    }

    @Test("names are found in the family asked for, whatever their case")
    func finds() throws {
        try withFile("192.0.2.1 one.test") { path in
            var hosts = HostsFile(path: path)
            #expect(hosts.addresses(of: "ONE.test", family: .v4, at: Self.start) == [.v4(0xc000_0201)])
            #expect(hosts.addresses(of: "one.test", family: .v6, at: Self.start) == nil)
            #expect(hosts.addresses(of: "two.test", family: .v4, at: Self.start) == nil)
        }
    }

    @Test("localhost is this machine even if the file is missing, unless the file says otherwise")
    func localhost() throws {
        var missing = HostsFile(path: "/nonexistent/hosts")
        #expect(missing.addresses(of: "localhost", family: .v4, at: Self.start) == [.v4(0x7f00_0001)])
        #expect(missing.addresses(of: "localhost", family: .v6, at: Self.start) == [.v6(1)])
        try withFile("127.0.0.2 localhost") { path in
            var hosts = HostsFile(path: path)
            #expect(hosts.addresses(of: "localhost", family: .v4, at: Self.start) == [.v4(0x7f00_0002)])
        }
    }

    @Test("a change is seen within a second, and so is that the file is gone")
    func reloads() throws {
        try withFile("192.0.2.1 one.test") { path in
            var hosts = HostsFile(path: path)
            let one = { (time: Duration) in hosts.addresses(of: "one.test", family: .v4, at: Self.start + time) }
            #expect(one(.zero) == [.v4(0xc000_0201)])
            try "192.0.2.22 one.test".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(one(.milliseconds(999)) == [.v4(0xc000_0201)])
            #expect(one(.seconds(1)) == [.v4(0xc000_0216)])
            try FileManager.default.removeItem(atPath: path)
            #expect(one(.seconds(2)) == nil)
        }
    }

    private func withFile(_ content: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }
}
