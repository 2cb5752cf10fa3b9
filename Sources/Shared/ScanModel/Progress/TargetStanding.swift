/// Where one target, or one thing that was refused, stands; the raw values are in reports.
public enum TargetStanding: String, Hashable, Sendable, Codable, CaseIterable {
    /// Not yet dispatched.
    case pending
    /// From its first dispatch until its outcome.
    case inFlight = "in_flight"
    /// Waiting for another attempt, or for room in its network.
    case parked
    /// Outcome done.
    case done
    /// Outcome done_partial.
    case donePartial = "done_partial"
    /// Outcome failed.
    case failed
    /// Given up by a stop.
    case cancelled
    /// Named by the request and not in the plan.
    case refused
}
