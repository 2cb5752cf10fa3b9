/// The answer to a stop: what was given up and what still has to be confirmed.
public struct StopReceipt: Hashable, Sendable, Codable {
    /// `stopped`, or `no_tasks` where nothing was active.
    public let status: String
    /// Targets given up: they get no result, and none of them is imported.
    public let revoked: Int
    /// Tasks of theirs, and of earlier stops' targets, that a worker may still be running; the coordinator goes on revoking
    /// them.
    public let unconfirmed: Int
    /// Results that were in before the stop and whose import had not ended when this was written.
    public let finishing: Int

    /// A receipt for a stop that was carried out.
    public init(isAnythingStopped: Bool = true, revoked: Int, unconfirmed: Int, finishing: Int) {
        status = isAnythingStopped ? "stopped" : "no_tasks"
        self.revoked = revoked
        self.unconfirmed = unconfirmed
        self.finishing = finishing
    }

    /// Nothing was active, and nothing of earlier stops is open.
    public static let noTasks = StopReceipt(isAnythingStopped: false, revoked: 0, unconfirmed: 0, finishing: 0)
}
