/// What a worker's report means for its target.
public enum ReportVerdict: Hashable, Sendable {
    /// Complete, and exactly the host that was asked for.
    case finding(NmapHost)

    /// nmap gave up at `--host-timeout`. It knows nothing of the ports; importing that would close them all.
    case timedOut

    /// The host does not answer.
    case down

    /// There is no way to the host from the worker, or the address is none that nmap will scan.
    case unroutable

    /// Cut off, of another address, hostile, or not a report of one host; with the reason.
    case malformed(String)
}
