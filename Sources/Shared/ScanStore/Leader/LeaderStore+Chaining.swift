import RedisClient
public import ScanModel

extension LeaderStore {
    /// Settles, once for all, who chains a scan's phases.
    ///
    /// - Returns: what holds, which is what an earlier leader decided, if one did; nil where there is no such scan.
    public func decideChaining(_ chaining: PhaseChaining, of scan: ScanID) async throws(StoreError) -> PhaseChaining? {
        try await write(Script.decideChaining, scan, [.string(chaining.rawValue)]).text
            .flatMap(PhaseChaining.init(rawValue:))
    }
}
