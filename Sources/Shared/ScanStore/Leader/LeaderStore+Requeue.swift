import AddressSpace
import RedisClient
public import ScanModel

extension LeaderStore {
    /// The targets of an earlier scan that are to be taken up; nil where that scan has no plan, or it has expired.
    public func targets(of requeue: Requeue) async throws(StoreError) -> RequeuedTargets? {
        switch requeue.part {
        case .refused:
            guard let refusals = try await refusals(of: requeue.scan) else { return nil }
            return RequeuedTargets(
                addresses: refusals.addresses(refusedAs: .alreadyInQueue),
                hostnames: refusals.hostnames
            )
        case .failed:
            guard let plan = try await plan(of: requeue.scan) else { return nil }
            let failed = try await targets(of: requeue.scan, plan, endedAs: [.failed, .donePartial])
            return RequeuedTargets(addresses: plan.targets.subset(at: failed), hostnames: plan.hostnames)
        }
    }

    private func refusals(of scan: ScanID) async throws(StoreError) -> PlanRefusals? {
        let reply = try await read([["GET", .string(Key.refusals(scan))]])
        return try reply[0].bytes.map { bytes throws(StoreError) in try StoredRefusals.decode(bytes) }
    }

    private func plan(of scan: ScanID) async throws(StoreError) -> Plan? {
        let names = ["targets", "names", "seed"]
        let reply = try await read([RedisCommand("HMGET", [.string(Key.scan(scan))] + names.map(RedisArgument.string))])
        let fields = Dictionary(uniqueKeysWithValues: zip(names, reply[0].items))
        return fields["targets"]?.bytes == nil ? nil : try Plan(fields)
    }

    /// The places of the targets with certain outcomes, a chunk at a time.
    private func targets(
        of scan: ScanID,
        _ plan: Plan,
        endedAs outcomes: Set<Outcome>
    ) async throws(StoreError) -> [ClosedRange<UInt64>] {
        var ranges: [ClosedRange<UInt64>] = []
        for first in stride(from: 0, to: plan.count, by: ScanStore.outcomesPerChunk) {
            let key = Key.outcomes(scan, chunk: first / ScanStore.outcomesPerChunk)
            let bytes = try await read([["GET", .string(key)]])[0].bytes ?? []
            for (place, outcome) in OutcomeCodes(bytes) where outcomes.contains(outcome) {
                let target = UInt64(first + place)
                if let last = ranges.last, last.upperBound + 1 == target {
                    ranges[ranges.count - 1] = last.lowerBound...target
                } else {
                    ranges.append(target...target)
                }
            }
        }
        return ranges
    }
}
