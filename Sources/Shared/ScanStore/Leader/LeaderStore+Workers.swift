import RedisClient
public import ScanModel

extension LeaderStore {
    /// Notes that worker hosts are alive; the records last 90 s.
    ///
    /// - Parameters:
    ///   - hosts: by host the address it reported, or nil where there is nothing new, and what it does.
    ///   - seconds: Unix time.
    public func seeWorkers(_ hosts: [String: (address: String?, activity: WorkerActivity)], atSeconds seconds: Int)
        async throws(StoreError)
    {
        guard !hosts.isEmpty else { return }
        var arguments: [RedisArgument] = [.int(Int64(seconds))]
        for (host, (address, activity)) in hosts {
            arguments += [.string(host), .string(address ?? ""), .bytes(try storedJSON(activity))]
        }
        _ = try await write(Script.seeWorkers, arguments)
    }
}
