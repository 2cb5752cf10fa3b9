import RedisClient

/// How the store's parts talk to Redis: errors become the store's, the witness sees what answers show, and nothing is read
/// from or written to another installation's data.
struct StoreConnection: Sendable {
    let redis: RedisClient
    let witness: StoreWitness

    func execute(_ command: RedisCommand) async throws(StoreError) -> RedisValue {
        try await execute([command])[0]
    }

    func execute(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        if let foreign = witness.foreign { throw StoreError(foreign) }
        return try await executeAnywhere(commands)
    }

    /// Runs a script and shows the witness what goes with its reply.
    func evaluate(
        _ script: RedisScript,
        keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(StoreError) -> RedisValue {
        let mark = witness.mark
        let answer: RedisValue
        do {
            let guarded = arguments + [.string(mark.installation ?? "")]
            answer = try await redis.evaluate(script, keys: keys, arguments: guarded)
        } catch {
            throw StoreError(error)
        }
        let items = answer.items
        guard items.count >= 2, let writes = items[0].number, let installation = items[1].text else {
            throw StoreError(.corrupt, "the answer of \(script.name) cannot be read")
        }
        if !installation.isEmpty { witness.saw(installation: installation, isAccepted: true, since: mark) }
        witness.saw(writes: Int64(writes), own: 1, since: mark)
        return items.count > 2 ? items[2] : .null
    }

    /// Shows the witness whose data is there and how much of it.
    ///
    /// - Parameter commands: what else is to be read on the way, whoever's it is.
    /// - Throws: `foreignInstallation` where this process works for another installation.
    @discardableResult
    func look(_ commands: [RedisCommand] = []) async throws(StoreError) -> [RedisValue] {
        let mark = witness.mark
        let acceptance = Key.acceptance(of: mark.installation ?? "")
        let replies = try await executeAnywhere(
            [
                ["HMGET", .string(Key.installation), "id", .string(acceptance)],
                ["GET", .string(Key.writes)],
            ] + commands
        )
        let installation = replies[0].items
        guard installation.count == 2 else { throw StoreError(.corrupt, "the installation's record cannot be read") }
        witness.saw(installation: installation[0].text, isAccepted: !installation[1].isNull, since: mark)
        witness.saw(writes: Int64(replies[1].number ?? 0), since: mark)
        if let foreign = witness.foreign { throw StoreError(foreign) }
        return Array(replies.dropFirst(2))
    }

    private func executeAnywhere(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
        do {
            let replies = try await redis.execute(commands)
            for case .error(let error) in replies { throw StoreError(.refused, "\(error)") }
            return replies
        } catch let error as StoreError {
            throw error
        } catch let error as RedisError {
            throw StoreError(error)
        } catch {
            throw StoreError(.unavailable, "\(error)")
        }
    }
}
