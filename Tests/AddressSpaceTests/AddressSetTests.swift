import AddressSpace
import Testing

@Suite("An address set")
struct AddressSetTests {
    private func set(_ prefixes: String...) throws -> AddressSet {
        AddressSet(try prefixes.map { try #require(IPPrefix($0)).range })
    }

    @Test("of everything counts without trapping")
    func saturation() throws {
        #expect(try set("0.0.0.0/0").count == 1 << 32)
        #expect(try set("::/0").count == .max)
        #expect(try set("::/64").count == .max)
        #expect(try set("::/65").count == 1 << 63)
        #expect(try set("::/65", "8000::/65").count == .max)
        #expect(try set("0.0.0.0/0", "::/0").count == .max)
        #expect(IPPrefix("::/0")?.range.count == .max)
    }

    @Test("larger than its places answers for the first of them and gives none to the others")
    func placesBeyondTheLast() throws {
        let everything = try set("0.0.0.0/0", "::/0")
        let last = UInt64.max - 1
        #expect(everything[0] == .v4(0))
        #expect(everything[1 << 32] == .v6(0))
        #expect(everything[last] == .v6(UInt128(last) - (1 << 32)))
        #expect(everything.index(of: everything[last]) == last)
        #expect(everything.index(of: .v6(UInt128(last) - (1 << 32) + 1)) == nil)
        #expect(everything.index(of: .v6(.max)) == nil)
        #expect(everything.contains(.v6(.max)))
    }

    @Test("of a saturated range gives the ranges after it no places")
    func rangesBehindASaturatedOne() throws {
        let set = try set("2000::/3", "fc00::/7")
        #expect(set.index(of: .v6(UInt128(0xfc00) << 112)) == nil)
        #expect(set[.max - 1] == .v6(UInt128(0x2000) << 112 + UInt128(UInt64.max - 1)))
    }

    @Test("of everything minus everything is empty, and minus one address lacks just that")
    func algebraOfEverything() throws {
        let everything = try set("0.0.0.0/0", "::/0")
        #expect(everything.subtracting(everything).isEmpty)
        #expect(everything.union(everything) == everything)
        #expect(everything.intersection(everything) == everything)

        let hole = try set("0.0.0.0/32", "255.255.255.255/32", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")
        let rest = everything.subtracting(hole)
        #expect(rest.ranges.count == 2)
        #expect(rest.union(hole) == everything)
        #expect(rest.intersection(hole) == AddressSet())
    }

    @Test("of everything has a subset at the last of its places too")
    func subsetOfEverything() throws {
        let everything = try set("0.0.0.0/0", "::/0")
        let last = UInt64.max - 1
        #expect(everything.subset(at: [0...0, last...last]) == AddressSet([.v4(0...0), .init(everything[last])]))
        #expect(everything.subset(at: [0...last]).count == .max)
        #expect(everything.subset(at: []).isEmpty)
        #expect(
            everything.subset(at: [UInt64(UInt32.max)...(1 << 32)])
                == AddressSet([.v4(.max ... .max), .v6(0...0)])
        )
    }

    @Test("of a whole /8 takes a few bytes when encoded")
    func encodedSize() throws {
        #expect(try set("20.0.0.0/8").encoded() == [1, 1, 0x80, 0x80, 0x80, 0xa0, 0x01, 0xff, 0xff, 0xff, 0x07, 0])
        #expect(AddressSet().encoded() == [1, 0, 0])
        #expect(try AddressSet(encoded: try set("::/0").encoded()) == set("::/0"))
    }

    @Test(
        "refuses bytes that are not one",
        arguments: [
            ([], .truncated),
            ([1, 0], .truncated),
            ([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], .truncated),
            ([0, 0, 0], .unknownVersion),
            ([2, 0, 0], .unknownVersion),
            ([1, 0, 0, 0], .malformed),
            ([1, 0x80, 0x00, 0], .malformed),
            ([1, 1, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0], .malformed),
            ([1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0], .malformed),
            ([1, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0], .malformed),
        ] as [([UInt8], AddressSetDecodingError.Code)]
    )
    func malformedEncoding(bytes: [UInt8], code: AddressSetDecodingError.Code) {
        let error = #expect(throws: AddressSetDecodingError.self) { try AddressSet(encoded: bytes) }
        #expect(error?.code == code)
        #expect(error?.isRetryable == false)
    }
}
