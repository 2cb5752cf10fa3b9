import AddressSpace
import Nmap
import ScanModel
import ScanStore

/// What an active scan has still to do, as far as a new request is concerned: none of it is scanned a second time.
struct Coverage: Sendable {
    let scan: ScanID
    /// The targets without an outcome.
    let openTargets: AddressSet

    /// What a project's other scans have still to do of some targets.
    ///
    /// - Parameter scan: the scan that is planned.
    static func of(_ targets: AddressSet, beside scan: ActiveScan, in book: ScanBook) async -> [Coverage] {
        // The book only lends its values; what there is to compute is done here, so that nobody waits for the book.
        await book.backlogs(of: scan.project).compactMap { other in
            guard other.entry.id != scan.id, other.entry.covers(scan.request), let plan = other.entry.plan,
                !plan.targets.intersection(targets).isEmpty
            else { return nil }
            return Coverage(scan: other.entry.id, openTargets: other.remainingTargets.intersection(targets))
        }
    }
}

extension ScanBook {
    fileprivate func backlogs(of project: ProjectID) -> [ScanBacklog] {
        (projects[project]?.scans ?? []).sorted().compactMap { backlogs[$0] }
    }
}

extension ScanBacklog {
    /// The targets that will be brought to their end: of a scan being stopped, those whose import is under way.
    fileprivate var remainingTargets: AddressSet {
        guard isStopping, let plan = entry.plan else { return openTargets }
        return AddressSet(
            tasks.all.filter { $0.state == .finishing }.map { AddressRange(plan.address(of: $0.reference.target)) }
        )
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
