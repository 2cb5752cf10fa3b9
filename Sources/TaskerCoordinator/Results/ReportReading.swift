import Nmap
import ScanModel

/// What a result means for its target.
enum ResultMeaning: Sendable {
    /// The attempt came to nothing; another one may follow.
    case failedAttempt(FailureReason, detail: String)
    /// Open ports were found, and the services phase is wanted.
    case leadsToServices(NmapHost)
    /// The target is through; this is what ScanLedger gets.
    case finding(NmapHost, Outcome, FailureReason?)
    /// The target is through, and there is nothing to import.
    case nothing(Outcome, FailureReason)
}

/// Reads reports as the table in `docs/architecture.md` ("What a report means") says. No I/O.
struct ReportReading: Sendable {
    let request: ScanRequest
    /// More open ports than this are not probed for services.
    let maximumServicePorts: Int

    /// The meaning of a report on the open-ports phase.
    func openPorts(_ verdict: ReportVerdict) -> ResultMeaning {
        switch verdict {
        case .finding(let host):
            if host.openPorts.isEmpty || !request.includeServices { return .finding(host, .done, nil) }
            if host.openPorts.count > maximumServicePorts { return .finding(host, .donePartial, .tooManyPorts) }
            return .leadsToServices(host)
        case .timedOut: return .failedAttempt(.timedOut, detail: "nmap gave up on the host")
        case .down: return .nothing(.done, .down)
        case .unroutable: return .nothing(.failed, .unroutable)
        case .malformed(let why): return .failedAttempt(.badReport, detail: why)
        }
    }

    /// The meaning of a report on the services phase, after `found` in the first.
    func services(_ verdict: ReportVerdict, found: NmapHost) -> ResultMeaning {
        switch verdict {
        case .finding(let host): .finding(found.merging(services: host), .done, nil)
        case .timedOut: .finding(found, .donePartial, .timedOut)
        case .down: .failedAttempt(.down, detail: "the host did not answer the second phase")
        case .unroutable: .failedAttempt(.unroutable, detail: "no route in the second phase")
        case .malformed(let why): .failedAttempt(.badReport, detail: why)
        }
    }
}
