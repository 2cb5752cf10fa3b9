import AddressSpace
import RedisClient
public import ScanModel

extension LeaderStore {
    /// Says why a scan's planning waits, or that it failed.
    ///
    /// - Returns: false where the scan is past planning or was stopped.
    public func setPlanningState(
        _ state: ScanState,
        detail: String,
        of scan: ScanID
    ) async throws(StoreError) -> Bool {
        try await write(Script.setPlanningState, scan, [.string(state.rawValue), .string(detail)]).number == 1
    }

    /// Shows a warning in the scan's detail while the scan goes on.
    public func warn(_ warning: String, of scan: ScanID) async throws(StoreError) {
        _ = try await write(Script.warnOfScan, scan, [.string(warning)])
    }

    /// Makes a plan the scan's plan, with the answer to the request; the scan runs from here on, or has ended where it is a
    /// dry run.
    ///
    /// - Returns: false where the scan is past planning or was stopped.
    public func commit(
        _ plan: Plan,
        refusals: PlanRefusals,
        answer: PlanAnswer,
        of scan: ScanID,
        isDryRun: Bool
    ) async throws(StoreError) -> Bool {
        try await write(
            Script.commitPlan,
            scan,
            [
                .bytes(plan.targets.encoded()), .bytes(try StoredNames.encode(plan.hostnames)), .string("\(plan.seed)"),
                .int(Int64(plan.count)), .bytes(try storedJSON(answer)), .bytes(try storedJSON(answer.summary)),
                .bytes(try StoredRefusals.encode(refusals)), .string(isDryRun ? "1" : "0"),
            ]
        ).number == 1
    }
}

extension Plan {
    init(_ fields: [String: RedisValue]) throws(StoreError) {
        guard let targets = fields["targets"]?.bytes, let seed = fields["seed"]?.text.flatMap(UInt64.init),
            let names = fields["names"]?.bytes
        else { throw StoreError(.corrupt, "the plan cannot be read") }
        let hostnames = try StoredNames.decode(names)
        do {
            self.init(targets: try AddressSet(encoded: targets), hostnames: hostnames, seed: seed)
        } catch {
            throw StoreError(.corrupt, "the plan's targets: \(error)")
        }
    }
}
