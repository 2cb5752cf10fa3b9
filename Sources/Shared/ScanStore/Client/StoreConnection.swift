import RedisClient

/// How the store's parts talk to Redis: errors become the store's, and the witness sees what each answer shows.
struct StoreConnection: Sendable {
    let redis: RedisClient
    let witness: StoreWitness

    func execute(_ command: RedisCommand) async throws(StoreError) -> RedisValue {
        do {
            return try await redis.execute(command)
        } catch {
            throw StoreError(error)
        }
    }

    func execute(_ commands: [RedisCommand]) async throws(StoreError) -> [RedisValue] {
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

    /// Runs a script and shows the witness the count that goes with its reply.
    func evaluate(
        _ script: RedisScript,
        keys: [String],
        _ arguments: [RedisArgument]
    ) async throws(StoreError) -> RedisValue {
        let mark = witness.mark
        let answer: RedisValue
        do {
            answer = try await redis.evaluate(script, keys: keys, arguments: arguments)
        } catch {
            throw StoreError(error)
        }
        guard let writes = answer.items.first?.number else {
            throw StoreError(.corrupt, "the answer of \(script.name) cannot be read")
        }
        witness.saw(writes: Int64(writes), own: 1, since: mark)
        return answer.items.count > 1 ? answer.items[1] : .null
    }
}
