import AddressSpace
import Foundation
import PropertyTesting
import Testing

@Suite("The text of an address")
struct IPAddressTextTests {
    private func randomAddress(using generator: inout SeededGenerator) -> IPAddress {
        Bool.random(using: &generator)
            ? .v4(.random(in: 0 ... .max, using: &generator))
            : .v6(randomIPv6(using: &generator))
    }

    /// Many groups are zero, so that compression has something to choose.
    private func randomIPv6(using generator: inout SeededGenerator) -> UInt128 {
        (0..<8).reduce(0) { value, _ in
            let groups = [0, 0, 0, 0xffff, UInt16.random(in: 0 ... .max, using: &generator)]
            return value << 16 | UInt128(groups.randomElement(using: &generator)!)
        }
    }

    /// What the C library makes of `text`.
    private func systemParse(_ text: String) -> IPAddress? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return .v4(UInt32(bigEndian: v4.s_addr)) }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        return .v6(withUnsafeBytes(of: &v6) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) })
    }

    /// What the C library writes for an IPv6 address.
    private func systemText(_ value: UInt128) -> String {
        var bytes = value.bigEndian
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test("is read back as the same address, by us and by the C library")
    func roundTrip() {
        forAll { generator in
            let address = randomAddress(using: &generator)
            let text = address.description
            guard IPAddress(text) == address else {
                return "\(text) came back as \(String(describing: IPAddress(text)))"
            }
            guard systemParse(text) == address else { return "\(text) means something else to the C library" }
            return nil
        }
    }

    @Test("of IPv6 is what the C library writes, but that IPv4-compatible addresses have no dots")
    func canonicalText() {
        forAll { generator in
            let value = randomIPv6(using: &generator)
            guard value >> 32 != 0 else { return nil }
            let text = IPAddress.v6(value).description
            return text == systemText(value) ? nil : "\(text), not \(systemText(value))"
        }
    }

    @Test("is accepted or refused as the C library does, whatever is done to it")
    func strictness() {
        forAll { generator in
            var text = Array(randomAddress(using: &generator).description)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: text.insert("0123456789abcdefABCDEF:::....g %-".randomElement(using: &generator)!, at: position)
                case 1 where text.count > 1: text.remove(at: position)
                default: text.swapAt(position, Int.random(in: 0..<text.count, using: &generator))
                }
            }
            let mutated = String(text)
            return IPAddress(mutated) == systemParse(mutated) ? nil : "we and the C library disagree about \(mutated)"
        }
    }

    @Test(
        "follows RFC 5952",
        arguments: [
            ("2001:db8::1", "2001:DB8:0:0:0:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:0db8::1:1:1:1:1"),
            ("2001:0:0:1::1", "2001:0:0:1:0:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8:0:0:1:0:0:1"),
            ("::", "0:0:0:0:0:0:0:0"),
            ("::1", "::0.0.0.1"),
            ("1::", "1:0::"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("64:ff9b::c000:221", "64:ff9b::192.0.2.33"),
        ]
    )
    func canonical(text: String, other: String) throws {
        #expect(try #require(IPAddress(other)).description == text)
    }

    @Test(
        "is refused where programs disagree about it",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "1..2.3", "1.2.3.",
            "0x1.2.3.4", "16909060", "١.2.3.4", "1.2.3.４", "+1.2.3.4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
            ":1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "::12345", "::g", "::1%lo", "[::1]", "::1.2.3",
            "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::ffff:1.2.3.04",
        ]
    )
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("does not matter to the order: IPv4 first, then by number")
    func order() throws {
        let sorted = ["0.0.0.0", "9.0.0.0", "10.0.0.0", "255.255.255.255", "::", "::1", "ffff::"].compactMap {
            IPAddress($0)
        }
        #expect(sorted.count == 7)
        #expect(sorted.shuffled().sorted() == sorted)
        #expect(sorted.map(\.family) == [.v4, .v4, .v4, .v4, .v6, .v6, .v6])
    }
}
