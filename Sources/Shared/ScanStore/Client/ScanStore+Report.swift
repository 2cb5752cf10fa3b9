import Foundation
import RedisClient
public import ScanModel

extension ScanStore {
    /// How many targets' outcomes are kept, and read, together.
    public static let outcomesPerChunk = 65_536

    /// What a report on a scan is made of, without the outcomes; nil where the project has no such scan, or the scan has no
    /// plan.
    public func report(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanReport? {
        let names = ["project", "state", "targets", "names", "seed"]
        let parts = try await snapshot([
            RedisCommand("HMGET", [.string(Key.scan(id))] + names.map(RedisArgument.string)),
            ["GET", .string(Key.refusals(id))],
            ["SMEMBERS", .string(Key.inFlight(id))],
            ["ZRANGE", .string(Key.parked(id)), "0", "-1"],
            ["HGETALL", .string(Key.exceptions(id))],
        ])
        let fields = Dictionary(uniqueKeysWithValues: zip(names, parts[0].items))
        guard fields["project"]?.text == "\(project)", fields["targets"]?.bytes != nil else { return nil }
        guard let state = fields["state"]?.text.flatMap(ScanState.init(rawValue:)) else {
            throw StoreError(.corrupt, "scan \(id) has no state")
        }
        let refusals = try parts[1].bytes.map { bytes throws(StoreError) in try StoredRefusals.decode(bytes) }
        return ScanReport(
            id: id,
            state: state,
            plan: try Plan(fields),
            refusals: refusals ?? PlanRefusals(),
            inFlight: parts[2].items.compactMap(\.number),
            parked: parts[3].items.compactMap(\.number),
            remarks: remarks(parts[4].fields)
        )
    }

    /// The outcomes of the targets from `chunk * outcomesPerChunk` on: two bits for each, the first in the highest bits of the
    /// first byte. Bytes that are missing at the end are as if they were zero.
    ///
    /// - Parameter id: a scan that is known to be the caller's.
    public func outcomes(of id: ScanID, chunk: Int) async throws(StoreError) -> [UInt8] {
        try await execute(["GET", .string(Key.outcomes(id, chunk: chunk))]).bytes ?? []
    }

    /// Replies to commands between which nothing happens.
    private func snapshot(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        let parts = try await execute([["MULTI"]] + commands + [["EXEC"]]).last?.items ?? []
        for case .error(let error) in parts { throw StoreError(.refused, "\(error)") }
        guard parts.count == commands.count else { throw StoreError(.corrupt, "a transaction without its replies") }
        return parts
    }

    /// What is kept of targets; a row that cannot be read is a remark less, not a report less.
    private func remarks(_ rows: [String: RedisValue]) -> [Int: ScanReport.Remark] {
        var remarks: [Int: ScanReport.Remark] = [:]
        remarks.reserveCapacity(rows.count)
        for (text, row) in rows {
            guard let target = Int(text), let kept = try? [text: row].decode(KeptException.self, text) else { continue }
            remarks[target] = ScanReport.Remark(reason: kept.reason, detail: kept.detail)
        }
        return remarks
    }
}
