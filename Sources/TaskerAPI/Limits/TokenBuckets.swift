/// A bucket of tokens for each key: a request takes one, and they come back at a steady rate.
///
/// Of a bucket only the moment is kept at which it will be full again (the generic cell rate algorithm, ITU-T I.371). One
/// that is full need not be kept at all.
struct TokenBuckets<Key: Hashable> {
    private let interval: Duration
    private let depth: Duration
    private let capacity: Int
    private var fullAt: [Key: ContinuousClock.Instant] = [:]

    /// - Parameters:
    ///   - rate: how many tokens a second come back.
    ///   - burst: how many a bucket holds.
    ///   - capacity: how many buckets are kept. Beyond it the fullest ones are forgotten, so that nobody gets rid of an
    ///     empty bucket by having others made.
    init(rate: Int, burst: Int, capacity: Int) {
        precondition(rate > 0 && burst > 0 && capacity > 0, "a bucket without tokens lets nobody through")
        interval = .seconds(1) / rate
        depth = interval * (burst - 1)
        self.capacity = capacity
    }

    /// How many buckets are kept.
    var count: Int { fullAt.count }

    /// Takes a token.
    ///
    /// - Returns: nil where there was one, else how long it takes until there is.
    mutating func take(for key: Key, now: ContinuousClock.Instant) -> Duration? {
        let full = max(fullAt[key] ?? now, now)
        let wait = now.duration(to: full) - depth
        guard wait <= .zero else { return wait }
        if fullAt[key] == nil, fullAt.count >= capacity { makeRoom(now: now) }
        fullAt[key] = full + interval
        return nil
    }

    /// Drops what is full, and where that is not enough the fullest quarter, so that room is not made for each key anew.
    private mutating func makeRoom(now: ContinuousClock.Instant) {
        fullAt = fullAt.filter { $0.value > now }
        guard fullAt.count >= capacity else { return }
        for (key, _) in fullAt.sorted(by: { $0.value < $1.value }).prefix(max(1, capacity / 4)) { fullAt[key] = nil }
    }
}
