public import Foundation
public import RedisClient
import ScanModel

/// The leader's writes. Each is one script that first compares the leader's epoch, so that a coordinator whose term is
/// over changes nothing; it gets `StoreError.fenced` and must stop acting.
public struct LeaderStore: Sendable {
    /// The term in which it writes.
    public let term: Term

    private let connection: StoreConnection
    let milliseconds: @Sendable () -> Int

    /// A store for one term.
    ///
    /// - Parameters:
    ///   - witness: the process' own, to which every answer is shown.
    ///   - milliseconds: Unix time in milliseconds; recorded, never compared with another machine's.
    public init(
        redis: RedisClient,
        term: Term,
        witness: StoreWitness = StoreWitness(),
        milliseconds: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970 * 1_000) }
    ) {
        connection = StoreConnection(redis: redis, witness: witness)
        self.term = term
        self.milliseconds = milliseconds
    }

    /// Runs a script about the installation: epoch and holder come before the arguments.
    func write(_ script: RedisScript, _ arguments: [RedisArgument]) async throws(StoreError) -> RedisValue {
        try await evaluate(script, keys: [Key.lock], arguments)
    }

    /// Runs a script about a scan: epoch, holder and the time come before the arguments.
    func write(
        _ script: RedisScript,
        _ scan: ScanID,
        _ arguments: [RedisArgument]
    ) async throws(StoreError) -> RedisValue {
        try await evaluate(
            script,
            keys: [Key.lock, Key.scan(scan)],
            [.int(Int64(milliseconds()))] + arguments
        )
    }

    func read(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        try await connection.execute(commands)
    }

    private func evaluate(
        _ script: RedisScript,
        keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(StoreError) -> RedisValue {
        try await connection.evaluate(script, keys: keys, [.int(term.epoch), .string(term.holder)] + arguments)
    }
}

extension TaskReference {
    /// target, phase, attempt: how scripts name a task.
    var arguments: [RedisArgument] {
        [.int(Int64(target)), .string(phase.rawValue), .int(Int64(attempt))]
    }

    /// Reads `target phase attempt`, as scripts answer.
    init?(scan: ScanID, text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let target = Int(parts[0]), let phase = Phase(rawValue: String(parts[1])),
            let attempt = Int(parts[2])
        else { return nil }
        self.init(scan: scan, target: target, phase: phase, attempt: attempt)
    }
}
