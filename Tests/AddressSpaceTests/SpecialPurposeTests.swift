import AddressSpace
import Testing

@Suite("Special-purpose addresses")
struct SpecialPurposeTests {
    private func purposes(of text: String) throws -> [SpecialPurpose] {
        let address = try #require(IPAddress(text))
        return SpecialPurpose.allCases.filter { SpecialPurpose.set($0).contains(address) }
    }

    @Test("are loopback", arguments: ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"])
    func loopback(text: String) throws {
        #expect(try purposes(of: text) == [.loopback])
    }

    @Test(
        "are for private use",
        arguments: [
            "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "172.16.0.0", "172.31.255.255",
            "192.168.0.0",
            "192.168.255.255", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ]
    )
    func privateUse(text: String) throws {
        #expect(try purposes(of: text) == [.privateUse])
    }

    @Test(
        "are otherwise special",
        arguments: [
            "0.0.0.0", "0.255.255.255", "169.254.0.0", "169.254.169.254", "192.0.0.0", "192.0.0.8", "192.0.0.11",
            "192.0.0.170", "192.0.0.255", "192.0.2.0", "192.88.99.1", "198.18.0.0", "198.19.255.255", "198.51.100.255",
            "203.0.113.0", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
            "::", "::2", "::10.0.0.1", "::ffff:0.0.0.0", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::", "100::",
            "100:0:0:1::", "1fff:ffff::", "2001::1", "2001:1::", "2001:1::4", "2001:2::", "2001:4:111::",
            "2001:4:113::",
            "2001:10::", "2001:1f::", "2001:40::", "2001:1ff:ffff::", "2001:db8::", "2002::", "2002:a00:1::", "3fff::",
            "3fff:fff::", "4000::", "5f00::", "fbff::", "fe00::", "fe80::1", "febf::", "fec0::", "ff00::", "ff02::1",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ]
    )
    func other(text: String) throws {
        #expect(try purposes(of: text) == [.other])
    }

    @Test(
        "leave out ordinary targets beside them and the blocks the registries call globally reachable",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.0.9",
            "192.0.0.10",
            "192.0.1.0", "192.0.3.0", "192.31.196.1", "192.52.193.1", "192.88.98.255", "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0", "192.175.48.1", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0",
            "223.255.255.255",
            "2000::", "2001:1::1", "2001:1::2", "2001:1::3", "2001:3::", "2001:4:112::", "2001:20::", "2001:2f:ffff::",
            "2001:30::", "2001:3f::", "2001:200::", "2001:db7::", "2001:db9::", "2003::", "2606:4700::1111",
            "2620:4f:8000::", "3ffe::", "3fff:1000::",
        ]
    )
    func ordinary(text: String) throws {
        #expect(try purposes(of: text) == [])
    }

    @Test("have one purpose each")
    func disjoint() {
        for first in SpecialPurpose.allCases {
            for second in SpecialPurpose.allCases where first != second {
                #expect(SpecialPurpose.set(first).intersection(SpecialPurpose.set(second)).isEmpty)
            }
        }
    }
}
