import AddressSpace
import Foundation
import ScanModel
import Synchronization

@testable import ScanStore
@testable import TaskerAPI

/// A report and its outcomes, made of where each target is to stand.
struct SampleReport {
    var id = ScanID(UUID())
    var state = ScanState.running
    /// Where the targets stand, in the order of the plan: 20.0.0.1 and up, with a gap after every tenth address.
    var standings: [TargetStanding]
    var hostnames: [IPAddress: [String]] = [:]
    var refusals = PlanRefusals()
    var remarks: [Int: ScanReport.Remark] = [:]

    static func address(_ target: Int) -> IPAddress {
        .v4(0x1400_0001 + UInt32(target) + UInt32(target) / 10)
    }

    var report: ScanReport {
        let tens = stride(from: 0, to: standings.count, by: 10).lazy.compactMap { first in
            AddressRange(Self.address(first), Self.address(min(first + 9, standings.count - 1)))
        }
        return ScanReport(
            id: id,
            plan: Plan(targets: AddressSet(tens), hostnames: hostnames, seed: 1),
            refusals: refusals
        )
    }

    var moment: ScanMoment {
        ScanMoment(
            state: state,
            inFlight: standings.indices.filter { standings[$0] == .inFlight },
            parked: standings.indices.filter { standings[$0] == .parked }
        )
    }

    /// As Redis' `BITFIELD SET u2 #n` writes them, written down by another way: as text of zeros and ones.
    var outcomes: [Int: [UInt8]] {
        var chunks: [Int: [UInt8]] = [:]
        for first in stride(from: 0, to: standings.count, by: 65_536) {
            var bits = ""
            for standing in standings[first..<min(first + 65_536, standings.count)] {
                switch standing {
                case .done: bits += "01"
                case .donePartial: bits += "10"
                case .failed: bits += "11"
                case .pending, .inFlight, .parked, .cancelled, .refused: bits += "00"
                }
            }
            bits += String(repeating: "0", count: (8 - bits.utf8.count % 8) % 8)
            let digits = Array(bits.utf8)
            chunks[first / 65_536] = stride(from: 0, to: digits.count, by: 8).map { place in
                digits[place..<(place + 8)].reduce(0) { $0 << 1 | ($1 == UInt8(ascii: "1") ? 1 : 0) }
            }
        }
        return chunks
    }

    /// Puts the report into a store.
    func put(in store: MemoryStore, project: ProjectID = APIFixture.project) {
        let (report, moment, outcomes) = (report, moment, outcomes)
        store.state.withLock { state in
            state.reports[id] = (project, report)
            state.moments[id] = (project, moment)
            state.remarks[id] = remarks
            state.outcomes[id] = outcomes
        }
    }
}
