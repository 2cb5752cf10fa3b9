/// How far the current task of a target in flight has come, as kept in Redis.
public enum TaskState: String, Hashable, Sendable, CaseIterable {
    /// Chosen for dispatch; the broker has not confirmed the message.
    case claimed
    /// The broker has it.
    case queued
    /// A worker reported its start.
    case started
    /// The open-ports phase is done and the services phase waits for its dispatch.
    case ready
    /// The last result is in, and its import into ScanLedger is under way.
    case finishing
    /// Waiting for another attempt; counted as parked, not as in flight.
    case parked
}
