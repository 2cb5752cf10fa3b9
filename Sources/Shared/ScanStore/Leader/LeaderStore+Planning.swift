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

    /// Makes a plan the scan's plan, with the answer to the request; the scan runs from here on.
    ///
    /// - Returns: false where the scan is past planning or was stopped.
    public func commit(_ plan: Plan, answer: PlanAnswer, of scan: ScanID) async throws(StoreError) -> Bool {
        let names = Dictionary(uniqueKeysWithValues: plan.hostnames.map { ("\($0.key)", $0.value) })
        return try await write(
            Script.commitPlan,
            scan,
            [
                .bytes(plan.targets.encoded()), .bytes(try storedJSON(names)), .string("\(plan.seed)"),
                .int(Int64(plan.count)), .bytes(try storedJSON(answer)), .bytes(try storedJSON(answer.summary)),
            ]
        ).number == 1
    }
}

extension Plan {
    init(_ fields: [String: RedisValue]) throws(StoreError) {
        guard let targets = fields["targets"]?.bytes, let seed = fields["seed"]?.text.flatMap(UInt64.init) else {
            throw StoreError(.corrupt, "the plan cannot be read")
        }
        let byText = try fields.decode([String: [String]].self, "names")
        var hostnames: [IPAddress: [String]] = [:]
        for (text, names) in byText {
            guard let address = IPAddress(text) else { throw StoreError(.corrupt, "the plan's names cannot be read") }
            hostnames[address] = names
        }
        do {
            self.init(targets: try AddressSet(encoded: targets), hostnames: hostnames, seed: seed)
        } catch {
            throw StoreError(.corrupt, "the plan's targets: \(error)")
        }
    }
}
