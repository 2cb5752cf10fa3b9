/// How many targets of a plan stand where. `pending` is what is left, so the accounting identity holds by construction:
/// `planned = pending + in_flight + parked + done + done_partial + failed + cancelled`.
public struct TargetCounts: Hashable, Sendable {
    /// All targets of the plan.
    public var planned = 0
    /// From a target's first dispatch until its outcome.
    public var inFlight = 0
    /// Waiting for another attempt.
    public var parked = 0
    /// Outcome done.
    public var done = 0
    /// Outcome done_partial.
    public var donePartial = 0
    /// Outcome failed.
    public var failed = 0
    /// Given up by a stop.
    public var cancelled = 0

    /// No targets.
    public init() {}

    /// Not yet dispatched.
    public var pending: Int { planned - inFlight - parked - done - donePartial - failed - cancelled }

    /// Without an outcome.
    public var open: Int { pending + inFlight + parked }
}
