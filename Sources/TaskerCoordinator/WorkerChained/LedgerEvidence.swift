import ScanLedger
import ScanModel

extension LedgerHost {
    /// Whether this shows that a worker of the scan brought the host here.
    ///
    /// In mode insert a scan has only hosts that ScanLedger did not know. Modes update and replace renew a host's times, so an
    /// older one was not brought by this scan. Mode append leaves the times of a known host as they are: there it counts that
    /// the host is known.
    func isEvidence(of scan: ScanID, mode: ImportMode) -> Bool {
        switch mode {
        case .insert, .append: true
        case .update, .replace: endtime >= scan.acceptedAtSeconds - Self.clockDifference
        }
    }

    /// How far the clocks of workers and API replicas may be apart, in seconds.
    private static let clockDifference = 300
}
