public import RedisClient

/// Checks that Redis keeps what it has acknowledged: with an append-only file, and without throwing keys away.
public struct RedisDurability: Sendable {
    private let redis: RedisClient

    /// Checks the given Redis.
    public init(redis: RedisClient) {
        self.redis = redis
    }

    /// What should be set otherwise. Nothing where Redis does not show its settings (`CONFIG` is often not allowed).
    public func warnings() async -> [String] {
        let settings = ["appendonly", "maxmemory-policy"]
        let commands = settings.map { RedisCommand("CONFIG", ["GET", .string($0)]) }
        guard let replies = try? await redis.execute(commands) else { return [] }
        let values = replies.map { $0.array?.dropFirst().first?.string }
        return Self.warnings(appendOnly: values[0], evictionPolicy: values[1])
    }

    static func warnings(appendOnly: String?, evictionPolicy: String?) -> [String] {
        var warnings: [String] = []
        if let appendOnly, appendOnly != "yes" {
            warnings.append("redis: appendonly is '\(appendOnly)'; accepted scans are lost when it restarts")
        }
        if let evictionPolicy, evictionPolicy != "noeviction" {
            warnings.append("redis: maxmemory-policy is '\(evictionPolicy)'; scans are lost when memory is short")
        }
        return warnings
    }
}
