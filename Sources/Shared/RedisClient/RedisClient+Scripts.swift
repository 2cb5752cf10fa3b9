extension RedisClient {
    /// Runs a script by its SHA-1, and by its source where the server does not know it yet.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - keys: What it finds in `KEYS`.
    ///   - arguments: What it finds in `ARGV`.
    ///   - timeout: As for ``execute(_:timeout:)``, for each of the two attempts.
    /// - Throws: a ``RedisError``; an error reply made by the script has its first word as code.
    @discardableResult
    public func evaluate(
        _ script: RedisScript,
        keys: [String] = [],
        arguments: [RedisArgument] = [],
        timeout: Duration? = nil
    ) async throws(RedisError) -> RedisValue {
        let rest = [.int(keys.count)] + keys.map { RedisArgument.string($0) } + arguments
        do {
            return try await execute(RedisCommand("EVALSHA", [.string(script.sha1)] + rest), timeout: timeout)
        } catch {
            guard error.code == .server("NOSCRIPT") else { throw error }
            // Nothing has run yet, and EVAL makes the server know the script.
            return try await execute(RedisCommand("EVAL", [.string(script.source)] + rest), timeout: timeout)
        }
    }
}
