import RedisClient

extension LeaderStore {
    /// Notes that worker hosts are alive; the records last 90 s.
    ///
    /// - Parameters:
    ///   - hosts: by host the address it reported, or nil where there is nothing new.
    ///   - seconds: Unix time.
    public func seeWorkers(_ hosts: [String: String?], atSeconds seconds: Int) async throws(StoreError) {
        guard !hosts.isEmpty else { return }
        var arguments: [RedisArgument] = [.int(Int64(seconds))]
        for (host, address) in hosts {
            arguments += [.string(host), .string(address ?? "")]
        }
        _ = try await write(Script.seeWorkers, arguments)
    }
}
