/// What became of a target. Kept in Redis at two bits a target; no bits set means "none yet", or cancelled once the scan
/// has ended.
public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
    /// Everything asked for was done.
    case done = 1
    /// Open ports were found and imported; services were not.
    case donePartial = 2
    /// Nothing was imported; the reason is kept.
    case failed = 3

    /// The name in answers and logs.
    public var name: String {
        switch self {
        case .done: "done"
        case .donePartial: "done_partial"
        case .failed: "failed"
        }
    }
}
