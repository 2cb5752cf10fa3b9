import ScanModel
import ScanStore
import Synchronization

/// Finds what reports are made of. What never changes of the scans asked for last is kept, for reading names takes a third
/// of a second for 100,000 of them, and pages are asked for one after the other.
final class ReportLibrary: Sendable {
    /// How many scans are kept at most.
    static let capacity = 16
    /// How many bytes they may take, about: a scan of 100,000 names takes 15 to 25 MB.
    static let byteLimit = 64 << 20

    /// A project is a part of the key, so that nothing is found through another one, whatever the store says.
    private struct Key: Hashable {
        let scan: ScanID
        let project: ProjectID
    }

    private let store: any ScanKeeping
    private let kept: Mutex<RecentlyUsed<Key, ReportLayout>>

    /// A library that keeps nothing yet.
    init(
        store: any ScanKeeping,
        capacity: Int = ReportLibrary.capacity,
        byteLimit: Int = ReportLibrary.byteLimit
    ) {
        self.store = store
        kept = Mutex(RecentlyUsed(capacity: capacity, weightLimit: byteLimit))
    }

    /// What the report of a scan is made of, and where the scan is now. The store is asked every time whether the project has
    /// the scan.
    ///
    /// - Throws: 404 where the project has no such scan, 409 where the scan has no plan.
    func open(_ id: ScanID, in project: ProjectID) async throws -> (layout: ReportLayout, moment: ScanMoment) {
        guard let moment = try await store.moment(of: id, in: project) else {
            throw try await store.whyNoReport(of: id, in: project)
        }
        let key = Key(scan: id, project: project)
        if let layout = kept.withLock({ $0.value(for: key) }) { return (layout, moment) }
        let layout = try await store.reportLayout(of: id, in: project)
        kept.withLock { $0.insert(layout, for: key, weight: layout.byteCount) }
        return (layout, moment)
    }
}
