import Foundation
import ScanLedger
import ScanModel
import Testing

@testable import TaskerCoordinator

@Suite("What ScanLedger's word on a host shows")
struct LedgerEvidenceTests {
    private static let accepted = 1_795_418_144

    private func host(endtime: Int) throws -> LedgerHost {
        try JSONDecoder().decode(LedgerHost.self, from: Data(#"{"ip":"20.0.0.1","endtime":\#(endtime)}"#.utf8))
    }

    private var scan: ScanID {
        var random = SystemRandomNumberGenerator()
        return ScanID.make(atMilliseconds: UInt64(Self.accepted) * 1_000 + 17, using: &random)
    }

    @Test("a scan's id tells when it was accepted")
    func acceptance() {
        #expect(scan.acceptedAtSeconds == Self.accepted)
    }

    @Test(
        "where an import renews a host's times, older ones are of an earlier scan",
        arguments: [ImportMode.update, .replace]
    )
    func renewed(mode: ImportMode) throws {
        #expect(try host(endtime: Self.accepted + 60).isEvidence(of: scan, mode: mode))
        #expect(try host(endtime: Self.accepted - 299).isEvidence(of: scan, mode: mode), "clocks differ")
        #expect(try !host(endtime: Self.accepted - 3_600).isEvidence(of: scan, mode: mode))
        #expect(try !host(endtime: 0).isEvidence(of: scan, mode: mode))
    }

    @Test("elsewhere, that the host is there is all there is", arguments: [ImportMode.insert, .append])
    func present(mode: ImportMode) throws {
        #expect(try host(endtime: 0).isEvidence(of: scan, mode: mode))
    }
}
