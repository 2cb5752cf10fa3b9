/// One coordinator's time as leader. Every write of the leader carries it, and Redis refuses those of an earlier term.
public struct Term: Hashable, Sendable {
    /// The fencing token: grows with each election and is never used again.
    public let epoch: Int64
    /// The name of the coordinator.
    public let holder: String
    /// Which installation's data this is; made at the installation's first start.
    public let installation: String

    /// A term as Redis granted it.
    public init(epoch: Int64, holder: String, installation: String) {
        self.epoch = epoch
        self.holder = holder
        self.installation = installation
    }
}
