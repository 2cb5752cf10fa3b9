public import AddressSpace
import Compression
import RedisClient
public import ScanModel

/// A report on one host that ScanLedger refuses.
public struct RefusedReport: Hashable, Sendable {
    /// The host.
    public let address: IPAddress
    /// The document that ScanLedger refused.
    public let xml: [UInt8]

    /// A report on a host.
    public init(address: IPAddress, xml: [UInt8]) {
        self.address = address
        self.xml = xml
    }
}

/// What is kept beside a report in quarantine.
struct QuarantineNote: Codable {
    let scan: ScanID
    let ip: String
    let reason: FailureReason?
    let detail: String?
    /// Unix time in milliseconds.
    let at: Int
    /// Bytes of the report, as it was sent.
    let size: Int
}

extension LeaderStore {
    /// Deflated bytes of the largest report that is kept.
    private static let largestQuarantinedReport = 4 << 20

    /// Two arguments of a settlement: a note and the report, or nothing.
    func quarantineArguments(of settlement: Settlement) throws(StoreError) -> [RedisArgument] {
        guard let report = settlement.refusedReport else { return ["", ""] }
        let note = QuarantineNote(
            scan: settlement.task.scan,
            ip: "\(report.address)",
            reason: settlement.reason,
            detail: settlement.detail,
            at: milliseconds(),
            size: report.xml.count
        )
        let kept = Deflate.compress(report.xml)
        return [.bytes(try storedJSON(note)), .bytes(kept.count <= Self.largestQuarantinedReport ? kept : [])]
    }

    /// Keeps a note on a result that was not used; the last 1,000 of a project are kept.
    public func setAside(_ note: SetAsideNote, of project: ProjectID) async throws(StoreError) {
        _ = try await write(Script.setAside, [.string("\(project)"), .bytes(try storedJSON(note))])
    }
}

/// A result that was not used, and why.
public struct SetAsideNote: Hashable, Sendable, Codable {
    /// The Celery task id.
    public let task: String
    /// Why it was not used.
    public let reason: String
    /// Unix time in seconds.
    public let at: Int

    /// A note on a result.
    public init(task: String, reason: String, at: Int) {
        self.task = task
        self.reason = reason
        self.at = at
    }
}
