import Nmap
import ScanLedger
import ScanModel

extension LedgerHost {
    /// Whether this is what an import of the host would leave, as far as the import's mode reaches.
    ///
    /// Where it is not, importing (again) is right: a replayed import converges, as measured with ScanLedger.
    func shows(_ finished: FinishedHost) -> Bool {
        let host = finished.host
        guard Set(host.hostnames).isSubset(of: hostnames) else { return false }
        let known = Dictionary(
            ports.filter { $0.state == "open" }.map { ("\($0.number)/\($0.`protocol`)", $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let found = host.ports.filter { $0.state == .open }
            .map { "\($0.number)/\($0.transportProtocol.rawValue)" }
        guard found.allSatisfy({ known[$0] != nil }) else { return false }
        switch finished.request.mode {
        case .insert, .append: return true
        case .update: return starttime == host.startTime && endtime == host.endTime
        case .replace: return Set(found) == Set(known.keys) && endtime == host.endTime
        }
    }
}
