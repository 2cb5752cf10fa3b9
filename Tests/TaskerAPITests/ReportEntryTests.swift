import AddressSpace
import Foundation
import PropertyTesting
import ScanModel
import Testing

@testable import TaskerAPI

@Suite("Lines of a report")
struct ReportEntryTests {
    private func line(_ entry: ReportEntry) -> String {
        var bytes: [UInt8] = []
        entry.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a line has what there is to say, and no more")
    func shape() {
        let plain = ReportEntry(address: .v4(0x1400_0001), hostnames: [], standing: .pending)
        #expect(line(plain) == #"{"ip":"20.0.0.1","hostnames":[],"outcome":"pending"}"#)
        let failed = ReportEntry(
            address: IPAddress("2001:db8::5"),
            hostnames: ["a.test", "b.test"],
            standing: .failed,
            reason: "timed_out",
            detail: "after 60 s"
        )
        #expect(
            line(failed)
                == #"{"ip":"2001:db8::5","hostnames":["a.test","b.test"],"outcome":"failed","reason":"timed_out","#
                + #""detail":"after 60 s"}"#
        )
        let name = ReportEntry(hostnames: ["x.test"], standing: .refused, reason: "unresolvable")
        #expect(line(name) == #"{"ip":null,"hostnames":["x.test"],"outcome":"refused","reason":"unresolvable"}"#)
        let covered = ReportEntry(
            address: .v4(0xFFFF_FFFF),
            hostnames: [],
            standing: .refused,
            reason: "already_in_queue",
            coveringScan: "0190"
        )
        let expected = #"{"ip":"255.255.255.255","hostnames":[],"outcome":"refused","reason":"already_in_queue","#
        #expect(line(covered) == expected + #""covered_by":"0190"}"#)
    }

    @Test("what a strict reader reads is what was to be written, whatever the texts hold")
    func escaping() async throws {
        let scalars = (0..<0x30).compactMap(Unicode.Scalar.init) + ["\\", "\u{7F}", "é", "\u{2028}", "漢", "😀"]
        try forAll { generator in
            func text() -> String {
                var text = ""
                for _ in 0..<Int.random(in: 0...6, using: &generator) {
                    text.unicodeScalars.append(scalars.randomElement(using: &generator)!)
                }
                return text
            }
            let address = IPAddress.v4(.random(in: .min ... .max, using: &generator))
            let entry = ReportEntry(
                address: Bool.random(using: &generator) ? address : nil,
                hostnames: (0..<Int.random(in: 0...2, using: &generator)).map { _ in text() },
                standing: TargetStanding.allCases.randomElement(using: &generator)!,
                reason: text(),
                detail: text()
            )
            let line = line(entry)
            guard !line.contains("\n") else { return "a line end in \(line)" }
            let value = try JSONReader.read(Array(line.utf8))
            let isRight =
                value["ip"] == (entry.address.map { .string("\($0)") } ?? .null)
                && value["hostnames"] == .array(entry.hostnames.map { .string($0) })
                && value["outcome"] == .string(entry.standing.rawValue)
                && value["reason"] == .string(entry.reason ?? "") && value["detail"] == .string(entry.detail ?? "")
            return isRight ? nil : line
        }
    }

    @Test("a walk goes through a set as its places do, from any of them")
    func walk() async {
        forAll { generator in
            let ranges = (0..<Int.random(in: 1...6, using: &generator)).compactMap { _ -> AddressRange? in
                if Bool.random(using: &generator) {
                    let lower = UInt32.random(in: 0...40, using: &generator)
                    return .v4(lower...(lower + .random(in: 0...9, using: &generator)))
                }
                let lower = UInt128.max - UInt128(UInt8.random(in: 10...50, using: &generator))
                return .v6(lower...(lower + UInt128(UInt8.random(in: 0...10, using: &generator))))
            }
            let set = AddressSet(ranges)
            let first = UInt64.random(in: 0..<set.count, using: &generator)
            let walked = Array(AddressWalk(set, from: first))
            return walked == (first..<set.count).map { set[$0] } ? nil : "\(ranges) from \(first): \(walked)"
        }
    }

    @Test("a walk ends at the ends of both address spaces")
    func ends() {
        let set = AddressSet([.v4((.max - 1) ... .max), .v6((.max - 1) ... .max)])
        #expect(Array(AddressWalk(set, from: 1)) == [.v4(.max), .v6(.max - 1), .v6(.max)])
    }
}
