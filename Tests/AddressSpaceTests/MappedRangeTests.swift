import AddressSpace
import Testing

struct MappedRangeTests {
    @Test(
        "IPv4-mapped addresses stand for IPv4 ones, others for none",
        arguments: [
            ("::ffff:192.0.2.1/128", "192.0.2.1"), ("::ffff:0:0/96", "0.0.0.0-255.255.255.255"),
            ("::/0", "0.0.0.0-255.255.255.255"), ("::fffe:0:0/96", nil), ("::1:0:0:0/96", nil), ("20.0.0.0/8", nil),
        ]
    )
    func mapped(text: String, expected: String?) throws {
        let prefix = try #require(IPPrefix(text))
        #expect(prefix.range.mappedIPv4?.description == expected)
    }
}
