/// Why an attempt at a task, or a target, came to nothing; the raw values stand in answers.
public enum FailureReason: String, Hashable, Sendable, Codable, CaseIterable {
    /// nmap gave up on the host within its time limit.
    case timedOut = "timed_out"
    /// nmap found no route to the address.
    case unroutable
    /// The report was cut off, hostile, or about another address.
    case badReport = "bad_report"
    /// The worker said that the task failed.
    case workerError = "worker_error"
    /// The worker fell silent, or the message was found nowhere.
    case lost
    /// The task ran past its deadline.
    case deadline
    /// ScanLedger refuses this report and takes others.
    case rejectedByScanLedger = "rejected_by_scanledger"
    /// The worker, which imports what it finds by itself, says that it is through, and ScanLedger does not show the host.
    case notInLedger = "not_in_ledger"
    /// More open ports than the services phase may probe; the ports are imported.
    case tooManyPorts = "too_many_ports"
    /// Stopped between the phases; the ports are imported.
    case stopped
    /// The deployment's rules forbid the address; they changed after the plan was made.
    case forbidden
    /// The host did not answer; nothing to import. Not a failure: the detail of an outcome done.
    case down
}
