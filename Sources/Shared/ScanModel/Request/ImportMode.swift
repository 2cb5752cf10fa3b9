/// What ScanLedger does with what it knows already; see its import route.
public enum ImportMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Known hosts are skipped; only their new hostnames are added.
    case insert
    /// New ports are added.
    case append
    /// New ports are added and changed services renewed.
    case update
    /// As update, and ports in scope that were not found open are closed.
    case replace
}
