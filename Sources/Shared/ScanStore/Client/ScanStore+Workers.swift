import Foundation
import RedisClient
public import ScanModel

extension ScanStore {
    /// A worker's host as the routes on workers show it.
    public struct WorkerRecord: Hashable, Sendable {
        /// The host's name.
        public let host: String
        /// The address it reported, or `unknown`.
        public let ip: String
        /// Unix time of that report, in seconds; 0 where there was none.
        public let lastUpdated: Int
        /// Unix time of the last heartbeat, in seconds.
        public let lastSeen: Int
        /// What it did when it was last seen; nil where that is not known.
        public var activity: WorkerActivity?
    }

    /// The hosts seen in the last 90 s, by name.
    public func workers() async throws(StoreError) -> [WorkerRecord] {
        let hosts = try await execute(["ZRANGE", .string(Key.workers), "0", "-1"]).items.compactMap(\.text).sorted()
        guard !hosts.isEmpty else { return [] }
        let replies = try await execute(
            hosts.map { ["HMGET", .string(Key.worker($0)), "ip", "last_updated", "last_seen"] }
                + [RedisCommand("MGET", hosts.map { .string(Key.workerActivity($0)) })]
        )
        let activities = replies.last?.items ?? []
        return zip(hosts, zip(replies, activities)).compactMap { host, replies in
            let (fields, activity) = (replies.0.items, replies.1.bytes)
            guard fields.count == 3, let lastSeen = fields[2].number else { return nil }
            return WorkerRecord(
                host: host,
                ip: fields[0].text ?? "unknown",
                lastUpdated: fields[1].number ?? 0,
                lastSeen: lastSeen,
                activity: activity.flatMap { try? JSONDecoder().decode(WorkerActivity.self, from: Data($0)) }
            )
        }
    }
}
