/// A bounded map whose entries are of use for a while only.
struct ExpiringCache<Key: Hashable, Value> {
    private struct Entry {
        let value: Value
        let since: ContinuousClock.Instant
    }

    private let capacity: Int
    private let lifetime: Duration
    private var entries: [Key: Entry] = [:]

    /// - Parameters:
    ///   - capacity: how many entries there are at most.
    ///   - lifetime: when an entry is forgotten, at the latest.
    init(capacity: Int, lifetime: Duration) {
        precondition(capacity > 0, "a cache without room is none")
        self.capacity = capacity
        self.lifetime = lifetime
    }

    var count: Int { entries.count }

    /// The value of a key, if it is not older than `age`.
    func value(for key: Key, notOlderThan age: Duration, now: ContinuousClock.Instant) -> Value? {
        guard let entry = entries[key], entry.since.duration(to: now) < min(age, lifetime) else { return nil }
        return entry.value
    }

    mutating func insert(_ value: Value, for key: Key, now: ContinuousClock.Instant) {
        if entries[key] == nil, entries.count >= capacity { makeRoom(now: now) }
        entries[key] = Entry(value: value, since: now)
    }

    mutating func remove(_ key: Key) {
        entries[key] = nil
    }

    /// Drops what is too old, and where that is not enough the oldest quarter, so that room is not made for each entry
    /// anew.
    private mutating func makeRoom(now: ContinuousClock.Instant) {
        entries = entries.filter { $0.value.since.duration(to: now) < lifetime }
        guard entries.count >= capacity else { return }
        let oldest = entries.sorted { $0.value.since < $1.value.since }.prefix(max(1, capacity / 4))
        for (key, _) in oldest { entries[key] = nil }
    }
}
