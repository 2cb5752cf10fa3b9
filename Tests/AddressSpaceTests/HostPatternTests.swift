import AddressSpace
import PropertyTesting
import Testing

@Suite("An entry of an allow or deny list")
struct HostPatternTests {
    @Test(
        "means every address of what it names",
        arguments: [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.9/24", "192.0.2.0-192.0.2.255"),
            ("192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"),
            ("192.0.2.1-9", "192.0.2.1-192.0.2.9"),
            ("2001:DB8::/120", "2001:db8::-2001:db8::ff"),
            ("2001:db8::1-2001:db8::9", "2001:db8::1-2001:db8::9"),
            ("0.0.0.0/0", "0.0.0.0-255.255.255.255"),
        ]
    )
    func addresses(text: String, range: String) throws {
        #expect(try HostPattern(parsing: text) == .addresses(#require(AddressRange(range))))
    }

    @Test("may be a name, the names below a domain, or everything, in any case and with a trailing dot")
    func names() throws {
        #expect(try HostPattern(parsing: "WWW.Example.com.") == .hostname("www.example.com"))
        #expect(try HostPattern(parsing: "*.Example.com.") == .domain("example.com"))
        #expect(try HostPattern(parsing: "*.XN--P1AI") == .domain("xn--p1ai"))
        #expect(try HostPattern(parsing: "*.mil") == .domain("mil"))
        #expect(try HostPattern(parsing: "*") == .everything)
    }

    @Test(
        "that is none of these is refused by a message that names it",
        arguments: [
            ("", .empty, #""": the host is empty"#),
            ("**", .hostname, #""**": "#),
            ("*.", .hostname, #""*.": "#),
            ("*example.com", .hostname, #""*" does not belong there"#),
            ("*.*.example.com", .hostname, #""*" does not belong there"#),
            ("www.*.example.com", .hostname, #""*" does not belong there"#),
            ("*.192.0.2.1", .hostname, #""*.192.0.2.1": "#),
            ("*.example.com/24", .hostname, #""*.example.com/24": "#),
            ("*.example .com", .forbiddenCharacter, #""*.example .com": the host contains a space"#),
            ("intranet", .hostname, "give it with its domain"),
            ("192.0.2.0/33", .prefix, #""192.0.2.0/33": "#),
            ("192.0.2.9-192.0.2.1", .range, #""192.0.2.9-192.0.2.1": the range ends"#),
            ("a\n.example.com", .forbiddenCharacter, #""a\n.example.com": "#),
            (String(repeating: "a", count: 300), .tooLong, "aaa...\": the host is 300 bytes long"),
        ] as [(String, HostSyntaxError.Code, String)]
    )
    func refused(text: String, code: HostSyntaxError.Code, message: String) {
        let error = #expect(throws: HostSyntaxError.self) { try HostPattern(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.message.contains(message) == true, "the message is: \(error?.message ?? "none")")
    }
}

@Suite("An allow or deny list")
struct HostPatternsTests {
    private func patterns(_ entries: String...) throws -> HostPatterns {
        HostPatterns(try entries.map { try HostPattern(parsing: $0) })
    }

    @Test("with a domain covers the names below it at any depth, and neither itself nor what ends alike")
    func domain() throws {
        let list = try patterns("*.example.com")
        for name in ["www.example.com", "a.b.example.com", "a.b.c.d.e.example.com"] {
            #expect(list.matches(hostname: name))
        }
        for name in ["example.com", "badexample.com", "www.badexample.com", "www.example.com.test", "com"] {
            #expect(!list.matches(hostname: name))
        }
    }

    @Test("with a name covers just that name")
    func name() throws {
        let list = try patterns("Example.com")
        #expect(list.matches(hostname: "example.com"))
        #expect(!list.matches(hostname: "www.example.com"))
        #expect(!list.matches(hostname: "com"))
    }

    @Test("with a star covers every address and every name")
    func star() throws {
        let list = try patterns("192.0.2.1", "*")
        #expect(list.isEverything && !list.isEmpty)
        #expect(list.addresses.contains(.v4(.max)) && list.addresses.contains(.v6(.max)))
        #expect(list.matches(hostname: "example.com"))
        #expect(try !patterns("0.0.0.0/0", "::/0").isEverything)
    }

    @Test("keeps addresses and full names apart, and is written as it can be read")
    func parts() throws {
        let list = try patterns("*.b.test", "z.test", "192.0.2.9", "a.test", "192.0.2.0/31", "a.test", "2001:db8::/127")
        #expect(list.addresses.count == 5)
        #expect(list.hostnames == ["a.test", "z.test"])
        #expect(list.description == "192.0.2.0-192.0.2.1,192.0.2.9,2001:db8::-2001:db8::1,a.test,z.test,*.b.test")
        let written = try list.description.split(separator: ",").map { try HostPattern(parsing: String($0)) }
        #expect(HostPatterns(written) == list)
        #expect(HostPatterns().isEmpty && HostPatterns().description.isEmpty)
        #expect(try !patterns("a.test").isEmpty && !patterns("*.test").isEmpty && !patterns("192.0.2.1").isEmpty)
    }

    @Test("covers exactly the names that one of its entries covers")
    func matching() {
        forAll { generator in
            let name = { (generator: inout SeededGenerator) in
                (0..<Int.random(in: 1...3, using: &generator))
                    .map { _ in ["a", "b", "ab"].randomElement(using: &generator)! }
                    .joined(separator: ".")
            }
            let names = (0..<Int.random(in: 0...2, using: &generator)).map { _ in name(&generator) }
            let domains = (0..<Int.random(in: 0...2, using: &generator)).map { _ in name(&generator) }
            let list = HostPatterns(names.map(HostPattern.hostname) + domains.map(HostPattern.domain))
            let asked = name(&generator)
            let expected = names.contains(asked) || domains.contains { asked.hasSuffix(".\($0)") }
            return list.matches(hostname: asked) == expected ? nil : "\(list), asked for \(asked)"
        }
    }
}
