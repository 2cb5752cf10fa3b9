import AddressSpace
import Foundation
import PropertyTesting
import Testing

@Suite("A host entry")
struct HostSpecificationTests {
    @Test(
        "that is an address, network or range means its addresses",
        arguments: [
            ("20.9.9.9", "20.9.9.9", "20.9.9.9"),
            ("2001:DB8::1", "2001:db8::1", "2001:db8::1"),
            ("20.9.9.9/24", "20.9.9.1", "20.9.9.254"),
            ("20.9.9.9/31", "20.9.9.8", "20.9.9.9"),
            ("2001:db8::/120", "2001:db8::1", "2001:db8::ff"),
            ("0.0.0.0/0", "0.0.0.1", "255.255.255.254"),
            ("::/0", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("20.0.0.250-20.0.1.5", "20.0.0.250", "20.0.1.5"),
            ("20.0.0.5-9", "20.0.0.5", "20.0.0.9"),
            ("20.0.0.5-5", "20.0.0.5", "20.0.0.5"),
            ("20.0.0.0-255", "20.0.0.0", "20.0.0.255"),
        ]
    )
    func addresses(text: String, lower: String, upper: String) throws {
        guard case .addresses(let range) = try HostSpecification(parsing: text) else {
            Issue.record("taken for a name")
            return
        }
        #expect([range.lower, range.upper].map(\.description) == [lower, upper])
    }

    @Test(
        "that excludes means every address of a network, network and broadcast too, and else the same",
        arguments: [
            ("20.9.9.9", "20.9.9.9"),
            ("20.9.9.9/24", "20.9.9.0-20.9.9.255"),
            ("20.9.9.9/30", "20.9.9.8-20.9.9.11"),
            ("20.9.9.9/31", "20.9.9.8-20.9.9.9"),
            ("20.9.9.9/32", "20.9.9.9"),
            ("2001:db8::/120", "2001:db8::-2001:db8::ff"),
            ("20.0.0.250-20.0.1.5", "20.0.0.250-20.0.1.5"),
            ("20.0.0.5-9", "20.0.0.5-20.0.0.9"),
        ]
    )
    func exclusions(text: String, range: String) throws {
        #expect(try HostSpecification(parsing: text, networks: .whole) == .addresses(#require(AddressRange(range))))
        #expect(try HostSpecification(parsing: "Example.com.", networks: .whole) == .hostname("example.com"))
        #expect(throws: HostSyntaxError.self) { try HostSpecification(parsing: "20.0.0.0/33", networks: .whole) }
    }

    @Test(
        "that is a full name means that name in lower case without the trailing dot",
        arguments: [
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("a.b-c.example.com", "a.b-c.example.com"),
            ("1.2.3.4.example.com", "1.2.3.4.example.com"),
            ("10.0.0.1-20.example.com", "10.0.0.1-20.example.com"),
            ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
            ("example.XN--P1AI", "example.xn--p1ai"),
            ("nosuch.invalid", "nosuch.invalid"),
            ("\(String(repeating: "a", count: 63)).com", "\(String(repeating: "a", count: 63)).com"),
        ]
    )
    func hostnames(text: String, name: String) throws {
        #expect(try HostSpecification(parsing: text) == .hostname(name))
    }

    @Test(
        "that is neither is refused with what is wrong",
        arguments: [
            ("", .empty, "is empty"),
            (" ", .forbiddenCharacter, "contains a space"),
            ("a.example.com\n", .forbiddenCharacter, "control character U+000A"),
            ("a.example.com\r\n", .forbiddenCharacter, "control character U+000D"),
            ("a.example.com\u{0}", .forbiddenCharacter, "control character U+0000"),
            ("20.0.0.١", .forbiddenCharacter, "U+0661, which is not ASCII"),
            ("пример.рф", .forbiddenCharacter, "U+043F, which is not ASCII; international names take their xn-- form"),
            ("20.0.0.1, 20.0.0.2", .forbiddenCharacter, "contains a space"),
            ("20.0.0.256", .address, "\"20.0.0.256\" is not an IPv4 address: \"256\" is over 255"),
            ("20.0.0.010", .address, "\"010\" has a leading zero"),
            ("20.0.0", .address, "four numbers separated by dots"),
            ("20.0..1", .address, "\"\" is not a number"),
            ("12345", .address, "four numbers separated by dots"),
            ("1.2.3.4.", .address, "four numbers separated by dots"),
            ("20.0.0.0/33", .prefix, "of an IPv4 network is a number from 0 to 32, not \"33\""),
            ("20.0.0.0/", .prefix, "not \"\""),
            ("20.0.0.0/255.0.0.0", .prefix, "not \"255.0.0.0\""),
            ("20.0.0.0/8/8", .prefix, "not \"8/8\""),
            ("::/129", .prefix, "of an IPv6 network is a number from 0 to 128, not \"129\""),
            ("20.0.0.300/24", .address, "\"300\" is over 255"),
            ("example.com/24", .address, "\"example.com\" is not an IPv4 address"),
            ("20.0.0.9-20.0.0.5", .range, "ends at 20.0.0.5, before its beginning 20.0.0.9"),
            ("20.0.0.9-5", .range, "ends at 20.0.0.5, before its beginning 20.0.0.9"),
            ("20.0.0.9-", .range, "last octet from 0 to 255, not \"\""),
            ("20.0.0.9-256", .range, "last octet from 0 to 255, not \"256\""),
            ("20.0.0.9-1.2", .address, "\"1.2\" is not an IPv4 address"),
            ("20.0.0-1.5", .address, "\"20.0.0\" is not an IPv4 address"),
            ("-5", .address, "\"\" is not an IPv4 address"),
            ("20.0.0.1-5-9", .range, "not \"5-9\""),
            ("https://example.com/", .address, "is a URL; give its host alone"),
            ("example.com:443", .address, "if the colon is followed by a port, leave that out"),
            ("fe80::1%eth0", .address, "it has a zone"),
            ("2001:db8::1-2001:db8::9", .address, "IPv6 ranges are written as networks"),
            ("[2001:db8::1]", .address, "\"[\" does not belong there"),
            ("2001:db8:1", .address, "eight groups"),
            ("localhost", .hostname, "give it with its domain"),
            ("localhost.", .hostname, "give it with its domain"),
            ("a..example.com", .hostname, "empty label"),
            (".example.com", .hostname, "empty label"),
            ("example.com..", .hostname, "empty label"),
            ("_dmarc.example.com", .hostname, "\"_\" does not belong there"),
            ("*.example.com", .hostname, "\"*\" does not belong there"),
            ("-a.example.com", .hostname, "\"-a\" begins or ends with a hyphen"),
            ("a-.example.com", .hostname, "\"a-\" begins or ends with a hyphen"),
            ("example.xn--", .hostname, "\"xn--\" begins or ends with a hyphen"),
            ("example.123", .hostname, "no top-level domain like \"123\""),
            ("example.c", .hostname, "no top-level domain like \"c\""),
            ("example.c0m", .hostname, "no top-level domain like \"c0m\""),
            ("\(String(repeating: "a", count: 64)).com", .hostname, "longer than 63 characters"),
            (String(repeating: "a.", count: 126) + "com", .tooLong, "255 bytes long"),
            (String(repeating: "a.", count: 125) + "coma", .tooLong, "254 bytes long"),
        ] as [(String, HostSyntaxError.Code, String)]
    )
    func refused(text: String, code: HostSyntaxError.Code, message: String) {
        let error = #expect(throws: HostSyntaxError.self) { try HostSpecification(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.message.contains(message) == true, "the message is: \(error?.message ?? "none")")
        #expect(error?.isRetryable == false)
    }

    @Test("as long as a name can be is accepted, with the trailing dot too")
    func longestName() throws {
        let name = String(repeating: "a.", count: 125) + "com"
        #expect(name.utf8.count == 253)
        #expect(try HostSpecification(parsing: name) == .hostname(name))
        #expect(try HostSpecification(parsing: name + ".") == .hostname(name))
    }

    @Test("is a name exactly when the original's expression matches it, trailing dots and xn-- domains aside")
    func originalExpression() throws {
        let original = try NSRegularExpression(
            pattern: #"^((?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)+[A-Za-z]{2,63}\z"#
        )
        forAll { generator in
            let pieces = [
                "a", "Zz", "0", "9", "-", ".", ".", ".com", ".x", "_", "*", String(repeating: "b", count: 61),
            ]
            let text =
                (0..<Int.random(in: 1...7, using: &generator))
                .map { _ in pieces.randomElement(using: &generator)! }
                .joined() + "c"
            guard text.utf8.count <= 253 else { return nil }
            let expected = original.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
            let accepted = (try? HostSpecification(parsing: text)) == .hostname(text.lowercased())
            return accepted == expected ? nil : "\(text): the original \(expected ? "accepts" : "refuses") it"
        }
    }
}
