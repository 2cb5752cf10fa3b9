public import Foundation

/// Something a worker announced on `celeryev`: about itself or about a task.
public struct WorkerEvent: Hashable, Sendable {
    /// What is announced.
    public enum Kind: Hashable, Sendable {
        /// The worker has started.
        case online(WorkerStatus)
        /// The worker is alive; every two seconds.
        case heartbeat(WorkerStatus)
        /// The worker ends, in good order.
        case offline(WorkerStatus)
        /// The worker tells its address: an event of Tasker's reference worker, `worker-ip`.
        case address(String)
        /// A task has moved on.
        case task(TaskEvent)
        /// An event of no interest here, or about a task whose id is no UUID and thus not one of Tasker's.
        case other(type: String)
    }

    /// The worker's name, such as `nmap_scan_queue@worker-1`.
    public let worker: String
    /// When it happened, by the worker's clock: seconds since 1970-01-01T00:00:00Z.
    public let timestamp: Double
    /// The worker's offset from UTC in hours. ``timestamp`` needs no correction by it.
    public let utcOffset: Double
    /// What is announced.
    public let kind: Kind
}

/// What a worker says of itself.
public struct WorkerStatus: Hashable, Sendable {
    /// Seconds between two heartbeats.
    public let frequency: Double?
    /// How many tasks are being worked on.
    public let active: Int?
    /// How many tasks were finished since the start.
    public let processed: Int?
    /// Load averages of the machine, over 1, 5 and 15 minutes.
    public let loadAverage: [Double]
    /// The software's name, such as `py-celery`.
    public let software: String?
    /// The software's version.
    public let softwareVersion: String?
    /// The operating system.
    public let system: String?
}

/// A task's step from one state to the next, as its worker saw it.
public struct TaskEvent: Hashable, Sendable {
    /// The step.
    public enum Transition: String, CaseIterable, Hashable, Sendable {
        /// A client has published the task.
        case sent
        /// The worker has taken the task and not begun it.
        case received
        /// A process of the worker has begun the task.
        case started
        /// The function returned.
        case succeeded
        /// The function raised.
        case failed
        /// The worker gave the message back or dropped it.
        case rejected
        /// The task was revoked.
        case revoked
        /// The function asked to be run again.
        case retried
    }

    /// The task.
    public let id: UUID
    /// The step.
    public let transition: Transition
    /// The exception's representation, for a failed or retried task.
    public let exception: String?
    /// Whether a running process was ended, for a revoked task.
    public let isTerminated: Bool
    /// Whether the task was refused for its age, for a revoked task.
    public let isExpired: Bool
}
