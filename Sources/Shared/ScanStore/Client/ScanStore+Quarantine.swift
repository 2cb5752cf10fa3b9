import Compression
import RedisClient
public import ScanModel

/// What is known of a report that ScanLedger refuses.
public struct QuarantinedReport: Hashable, Sendable {
    /// Its name within the project; grows with time.
    public let id: String
    /// The scan that it comes from.
    public let scan: ScanID
    /// The address of its host.
    public let ip: String
    /// Why its target failed.
    public let reason: FailureReason?
    /// How ScanLedger refused it.
    public let detail: String?
    /// Unix time of the refusal, in milliseconds.
    public let at: Int
    /// Bytes of the report.
    public let size: Int

    /// A report of the given parts.
    public init(
        id: String,
        scan: ScanID,
        ip: String,
        reason: FailureReason?,
        detail: String?,
        at: Int,
        size: Int
    ) {
        self.id = id
        self.scan = scan
        self.ip = ip
        self.reason = reason
        self.detail = detail
        self.at = at
        self.size = size
    }
}

extension ScanStore {
    /// The most bytes that a report in quarantine may hold.
    private static let quarantinedReportLimit = 256 << 20

    /// The project's reports that ScanLedger refuses, the latest first.
    ///
    /// - Parameter limit: how many at most; the store keeps the last 256.
    public func quarantine(of project: ProjectID, limit: Int) async throws(StoreError) -> [QuarantinedReport] {
        let entries = try await execute([
            "XREVRANGE", .string(Key.quarantine(of: project)), "+", "-", "COUNT", .int(Int64(limit)),
        ])
        var reports: [QuarantinedReport] = []
        for entry in entries.items {
            guard entry.items.count == 2, let id = entry.items[0].text else { continue }
            let note = try entry.items[1].fields.decode(QuarantineNote.self, "note")
            reports.append(QuarantinedReport(id: id, note))
        }
        return reports
    }

    /// A report that ScanLedger refuses: an XML document, empty where it was too large to be kept; nil where the project has
    /// no such report.
    public func quarantinedReport(_ id: String, of project: ProjectID) async throws(StoreError) -> [UInt8]? {
        let reply = try await execute(["HGET", .string(Key.quarantinedReports(of: project)), .string(id)])
        guard let kept = reply.bytes, !kept.isEmpty else { return reply.bytes }
        do {
            return try Deflate.decompress(kept, atMost: Self.quarantinedReportLimit)
        } catch {
            throw StoreError(.corrupt, "report \(id) in quarantine: \(error)")
        }
    }

    /// Notes on the project's results that were not used, the latest first.
    ///
    /// - Parameter limit: how many at most; the store keeps the last 1,000.
    public func setAside(of project: ProjectID, limit: Int) async throws(StoreError) -> [SetAsideNote] {
        let rows = try await execute(["LRANGE", .string(Key.setAside(of: project)), "0", .int(Int64(limit - 1))])
        var notes: [SetAsideNote] = []
        for row in rows.items { notes.append(try ["note": row].decode(SetAsideNote.self, "note")) }
        return notes
    }
}

extension QuarantinedReport {
    fileprivate init(id: String, _ note: QuarantineNote) {
        self.init(
            id: id,
            scan: note.scan,
            ip: note.ip,
            reason: note.reason,
            detail: note.detail,
            at: note.at,
            size: note.size
        )
    }
}
