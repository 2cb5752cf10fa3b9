/// The databases of the Redis server, of which there are sixteen: each store fixture has one to itself while it runs. The
/// one that the URL names belongs to the client's own tests.
actor DatabasePool {
    static let shared = DatabasePool()

    private var taken: Set<Int> = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Lends a database, as soon as one is free.
    func withDatabase<Value: Sendable>(
        besides shared: Int,
        _ body: @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let database = await take(besides: shared)
        defer { giveBack(database) }
        return try await body(database)
    }

    private func take(besides shared: Int) async -> Int {
        while true {
            if let free = (0..<16).first(where: { $0 != shared && !taken.contains($0) }) {
                taken.insert(free)
                return free
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func giveBack(_ database: Int) {
        taken.remove(database)
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }
}
