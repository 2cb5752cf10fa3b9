import Foundation
import RedisClient
public import ScanModel

extension ScanStore {
    /// How many targets' outcomes are kept, and read, together.
    public static let outcomesPerChunk = 65_536

    /// What a report on a scan says that never changes; nil where the project has no such scan, or the scan has no plan.
    public func report(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanReport? {
        let names = ["project", "targets", "names", "seed"]
        let parts = try await execute([
            RedisCommand("HMGET", [.string(Key.scan(id))] + names.map(RedisArgument.string)),
            ["GET", .string(Key.refusals(id))],
        ])
        let fields = Dictionary(uniqueKeysWithValues: zip(names, parts[0].items))
        guard fields["project"]?.text == "\(project)", fields["targets"]?.bytes != nil else { return nil }
        let refusals = try parts[1].bytes.map { bytes throws(StoreError) in try StoredRefusals.decode(bytes) }
        return ScanReport(id: id, plan: try Plan(fields), refusals: refusals ?? PlanRefusals())
    }

    /// What of a scan changes; nil where the project has no such scan, or the scan has no plan.
    public func moment(of id: ScanID, in project: ProjectID) async throws(StoreError) -> ScanMoment? {
        let parts = try await snapshot([
            ["HMGET", .string(Key.scan(id)), "project", "seed", "state"],
            ["SMEMBERS", .string(Key.inFlight(id))],
            ["ZRANGE", .string(Key.parked(id)), "0", "-1"],
        ])
        let fields = parts[0].items
        guard fields.count == 3, fields[0].text == "\(project)", fields[1].bytes != nil else { return nil }
        guard let state = fields[2].text.flatMap(ScanState.init(rawValue:)) else {
            throw StoreError(.corrupt, "scan \(id) has no state")
        }
        return ScanMoment(
            state: state,
            inFlight: parts[1].items.compactMap(\.number),
            parked: parts[2].items.compactMap(\.number)
        )
    }

    /// The outcomes of the targets from `chunk * outcomesPerChunk` on: two bits for each, the first in the highest bits of the
    /// first byte. Bytes that are missing at the end are as if they were zero.
    ///
    /// - Parameter id: a scan that is known to be the caller's.
    public func outcomes(of id: ScanID, chunk: Int) async throws(StoreError) -> [UInt8] {
        try await execute(["GET", .string(Key.outcomes(id, chunk: chunk))]).bytes ?? []
    }

    /// Remarks by target; the store keeps the first 10,000 of a scan.
    ///
    /// - Parameter id: a scan that is known to be the caller's.
    public func remarks(of id: ScanID) async throws(StoreError) -> [Int: ScanReport.Remark] {
        let rows = try await execute(["HGETALL", .string(Key.exceptions(id))]).fields
        return remarks(rows.lazy.compactMap { text, row in Int(text).map { ($0, row) } })
    }

    /// Remarks on some of a scan's targets.
    ///
    /// - Parameter id: a scan that is known to be the caller's.
    public func remarks(of id: ScanID, on targets: [Int]) async throws(StoreError) -> [Int: ScanReport.Remark] {
        guard !targets.isEmpty else { return [:] }
        let names = targets.map { RedisArgument.int(Int64($0)) }
        let rows = try await execute(RedisCommand("HMGET", [.string(Key.exceptions(id))] + names)).items
        return remarks(zip(targets, rows))
    }

    /// Replies to commands between which nothing happens.
    private func snapshot(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        let parts = try await execute([["MULTI"]] + commands + [["EXEC"]]).last?.items ?? []
        for case .error(let error) in parts { throw StoreError(.refused, "\(error)") }
        guard parts.count == commands.count else { throw StoreError(.corrupt, "a transaction without its replies") }
        return parts
    }

    /// What is kept of targets; a row that cannot be read is a remark less, not a report less.
    private func remarks(_ rows: some Sequence<(Int, RedisValue)>) -> [Int: ScanReport.Remark] {
        var remarks: [Int: ScanReport.Remark] = [:]
        for (target, row) in rows {
            guard let kept = try? ["row": row].decode(KeptException.self, "row") else { continue }
            remarks[target] = ScanReport.Remark(reason: kept.reason, detail: kept.detail)
        }
        return remarks
    }
}
