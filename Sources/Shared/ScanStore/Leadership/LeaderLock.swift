import Foundation
public import RedisClient
import UUIDText

/// The lock record in Redis by which coordinators elect their leader.
///
/// Nobody compares wall clocks: a holder raises a counter, and a standby takes over when the counter has not moved for a
/// lease by the standby's own monotonic clock, as Kubernetes leases do (client-go, tools/leaderelection).
public struct LeaderLock: Sendable {
    /// The record as a standby sees it; two equal observations mean that the holder did not renew in between.
    public struct Observation: Hashable, Sendable {
        /// Empty where nobody ever led.
        public let epoch: String
        /// Empty where nobody ever led.
        public let renewals: String
        /// Empty where nobody leads.
        public let holder: String

        /// The record with the given fields.
        public init(epoch: String, renewals: String, holder: String) {
            self.epoch = epoch
            self.renewals = renewals
            self.holder = holder
        }
    }

    /// What became of an attempt to take the lock.
    public enum Attempt: Sendable {
        /// The caller leads.
        case acquired(Term)
        /// The record moved in between: somebody else leads.
        case lost
    }

    private let connection: StoreConnection

    /// A lock in the given Redis.
    ///
    /// - Parameter witness: the process' own, to which every answer is shown.
    public init(redis: RedisClient, witness: StoreWitness = StoreWitness()) {
        connection = StoreConnection(redis: redis, witness: witness)
    }

    /// Reads the record, unless the data is another installation's.
    public func observe() async throws(StoreError) -> Observation {
        let replies = try await connection.look([["HMGET", .string(Key.lock), "epoch", "renewals", "holder"]])
        let fields = replies[0].items.map { $0.text ?? "" }
        guard fields.count == 3 else { throw StoreError(.corrupt, "the lock record cannot be read") }
        connection.witness.saw(epoch: Int64(fields[0]) ?? 0)
        return Observation(epoch: fields[0], renewals: fields[1], holder: fields[2])
    }

    /// Takes the lock if the record is still as observed; makes an installation where none was ever seen.
    public func acquire(for holder: String, observed: Observation) async throws(StoreError) -> Attempt {
        let reply = try await connection.evaluate(
            Script.acquireLock,
            keys: [Key.lock, Key.installation],
            [
                .string(holder), .string(observed.epoch), .string(observed.renewals), .int(connection.witness.epoch),
            ] + Self.newInstallation
        ).items
        guard reply.first?.number == 1 else { return .lost }
        guard reply.count == 3, let epoch = reply[1].number, let id = reply[2].text else {
            throw StoreError(.corrupt, "the lock's answer cannot be read")
        }
        connection.witness.saw(epoch: Int64(epoch))
        return .acquired(Term(epoch: Int64(epoch), holder: holder, installation: id))
    }

    /// Gives an installation's data up: processes that work for it go on with what Redis holds, or with a new installation.
    ///
    /// - Returns: whether there was anything to give up; false where Redis holds that installation's data.
    public func accept(insteadOf lost: String) async throws(StoreError) -> Bool {
        try await connection.evaluate(
            Script.acceptInstallation,
            keys: [Key.installation],
            [.string(lost)] + Self.newInstallation
        ).number == 1
    }

    /// The id of a new installation and the seed of its epochs: the time, so that they are higher than those of an
    /// installation that was lost.
    private static var newInstallation: [RedisArgument] {
        [.string(UUID().text), .int(Int64(Date().timeIntervalSince1970))]
    }

    /// Shows that the holder is alive. `fenced` means that somebody else leads.
    public func renew(_ term: Term) async throws(StoreError) {
        _ = try await connection.evaluate(Script.renewLock, keys: [Key.lock], [.int(term.epoch), .string(term.holder)])
    }

    /// Gives the lock up and wakes the standbys.
    public func release(_ term: Term) async throws(StoreError) {
        _ = try await connection.evaluate(
            Script.releaseLock,
            keys: [Key.lock],
            [.int(term.epoch), .string(term.holder)]
        )
    }
}
