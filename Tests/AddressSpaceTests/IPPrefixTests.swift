import AddressSpace
import Testing

@Suite("A prefix")
struct IPPrefixTests {
    @Test(
        "covers its network and lends hosts all but the addresses none can have",
        arguments: [
            ("10.1.2.3/8", "10.0.0.0/8", "10.0.0.0", "10.255.255.255", "10.0.0.1", "10.255.255.254"),
            ("10.1.2.3/30", "10.1.2.0/30", "10.1.2.0", "10.1.2.3", "10.1.2.1", "10.1.2.2"),
            ("10.1.2.3/31", "10.1.2.2/31", "10.1.2.2", "10.1.2.3", "10.1.2.2", "10.1.2.3"),
            ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3", "10.1.2.3", "10.1.2.3", "10.1.2.3"),
            ("1.2.3.4/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.1", "255.255.255.254"),
            ("2001:db8::7/126", "2001:db8::4/126", "2001:db8::4", "2001:db8::7", "2001:db8::5", "2001:db8::7"),
            ("2001:db8::7/127", "2001:db8::6/127", "2001:db8::6", "2001:db8::7", "2001:db8::6", "2001:db8::7"),
            ("2001:db8::7/128", "2001:db8::7/128", "2001:db8::7", "2001:db8::7", "2001:db8::7", "2001:db8::7"),
            (
                "1::/0", "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::1",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            ),
        ]
    )
    func ranges(text: String, canonical: String, lower: String, upper: String, first: String, last: String) throws {
        let prefix = try #require(IPPrefix(text))
        #expect(prefix.description == canonical)
        #expect(prefix == IPPrefix(canonical))
        #expect(prefix.address == prefix.range.lower)
        #expect([prefix.range.lower, prefix.range.upper].map(\.description) == [lower, upper])
        #expect([prefix.hostRange.lower, prefix.hostRange.upper].map(\.description) == [first, last])
    }

    @Test(
        "is refused when its length is no plain number in range or its address none",
        arguments: [
            "", "/", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
            "10.0.0.0/00", "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0/255.0.0.0", "10.0.0.0/٨", "::/129", "::/256",
            "10/8",
        ]
    )
    func refused(text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test("takes lengths of its family only")
    func lengths() {
        #expect(IPPrefix(address: .v4(0), length: 33) == nil)
        #expect(IPPrefix(address: .v6(0), length: 129) == nil)
        #expect(IPPrefix(address: .v4(0), length: -1) == nil)
        #expect(IPPrefix(address: .v6(0), length: 33)?.length == 33)
    }

    @Test("has the range that its length says: ranges keep both ends and one family")
    func addressRanges() throws {
        let range = try #require(AddressRange(.v4(5), .v4(9)))
        #expect(range.count == 5)
        #expect(range.contains(.v4(5)) && range.contains(.v4(9)))
        #expect(!range.contains(.v4(4)) && !range.contains(.v4(10)) && !range.contains(.v6(5)))
        #expect(AddressRange(.v4(9), .v4(5)) == nil)
        #expect(AddressRange(.v4(5), .v6(9)) == nil)
        #expect(AddressRange(.v6(5)).count == 1)
    }

    @Test("has a range whose text is an address or two, and is read back from it")
    func rangeText() throws {
        for text in ["192.0.2.1", "192.0.2.1-192.0.3.9", "2001:db8::1", "2001:db8::1-2001:db8::9"] {
            #expect(try #require(AddressRange(text)).description == text)
        }
        #expect(AddressRange("192.0.2.1-192.0.2.1")?.description == "192.0.2.1")
        for text in [
            "", "-", "192.0.2.1-", "-192.0.2.1", "192.0.2.9-192.0.2.1", "192.0.2.1-2001:db8::1",
            "1.1.1.1-2.2.2.2-3.3.3.3",
        ] {
            #expect(AddressRange(text) == nil)
        }
    }
}
