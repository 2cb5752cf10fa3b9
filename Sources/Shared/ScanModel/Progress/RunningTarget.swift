/// A target a worker is busy with, as the status route shows it: the original's fields, and the phase.
public struct RunningTarget: Hashable, Sendable, Codable {
    /// The address.
    public let ip: String
    /// The user's names for it.
    public let hostnames: [String]
    /// The host of the worker.
    public let worker: String
    /// Unix time in seconds.
    public let startedAt: Int
    /// What the worker is busy with.
    public let phase: Phase

    /// A target in a worker's hands.
    public init(ip: String, hostnames: [String], worker: String, startedAt: Int, phase: Phase) {
        self.ip = ip
        self.hostnames = hostnames
        self.worker = worker
        self.startedAt = startedAt
        self.phase = phase
    }

    private enum CodingKeys: String, CodingKey {
        case ip, hostnames, worker, phase
        case startedAt = "started_at"
    }
}
