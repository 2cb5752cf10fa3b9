import AddressSpace
import Nmap
import ScanModel
import ScanStore

/// What an active scan has still to do, as far as a new request is concerned: none of it is scanned a second time.
struct Coverage: Sendable {
    let scan: ScanID
    /// The targets without an outcome.
    let openTargets: AddressSet
}

extension ScanBook {
    /// What a project's other scans have still to do of what a scan is to cover.
    ///
    /// - Parameter targets: what the scan would cover; scans that plan none of it are not looked at more closely.
    func coverage(of scan: ActiveScan, _ targets: AddressSet) -> [Coverage] {
        entries(of: scan.project).compactMap { other in
            guard other.id != scan.id, other.covers(scan.request), let plan = other.plan,
                !plan.targets.intersection(targets).isEmpty
            else { return nil }
            return Coverage(scan: other.id, openTargets: openTargets(of: other.id))
        }
    }
}

extension ScanEntry {
    /// Whether a target of this scan need not be scanned again for another request: in mode insert any scan will do, in the
    /// other modes one of the same ports and protocol, with services if those are wanted.
    fileprivate func covers(_ other: ScanRequest) -> Bool {
        if other.mode == .insert { return true }
        return (request.includeServices || !other.includeServices)
            && request.openPorts.ports == other.openPorts.ports
            && request.openPorts.transportProtocol == other.openPorts.transportProtocol
    }
}
