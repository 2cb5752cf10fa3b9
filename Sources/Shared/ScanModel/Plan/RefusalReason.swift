/// Why something the user named is not scanned. The raw values are the original's.
public enum RefusalReason: String, Hashable, Sendable, Codable, CaseIterable {
    /// Mode insert, and ScanLedger knows the host.
    case alreadyInScanLedger = "already_in_scanledger"
    /// An active scan covers it.
    case alreadyInQueue = "already_in_queue"
    /// The deployment's rules or the request's `exclude` forbid it.
    case forbidden
    /// Not a public address, and the deployment has not opened its range.
    case privateIP = "private_ip"
    /// A hostname without an address.
    case unresolvable
    /// Anything else.
    case other
}
