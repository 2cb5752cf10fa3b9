/// A map of few values, bounded by their number and their weight; what was not used for longest is forgotten first.
struct RecentlyUsed<Key: Equatable, Value> {
    private struct Entry {
        let key: Key
        let value: Value
        let weight: Int
    }

    private let capacity: Int
    private let weightLimit: Int
    /// The one used last is the last.
    private var entries: [Entry] = []

    /// - Parameters:
    ///   - capacity: how many values there are at most. Finding one takes as many steps.
    ///   - weightLimit: how much all values together may weigh.
    init(capacity: Int, weightLimit: Int) {
        self.capacity = capacity
        self.weightLimit = weightLimit
    }

    /// The value of a key, which is used by that.
    mutating func value(for key: Key) -> Value? {
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        entries.append(entries.remove(at: index))
        return entries.last?.value
    }

    /// Keeps a value, in the place of others where there is no room; one that is too heavy by itself is not kept.
    mutating func insert(_ value: Value, for key: Key, weight: Int) {
        entries.removeAll { $0.key == key }
        guard weight <= weightLimit else { return }
        entries.append(Entry(key: key, value: value, weight: weight))
        var total = entries.reduce(0) { $0 + $1.weight }
        while entries.count > capacity || total > weightLimit { total -= entries.removeFirst().weight }
    }
}
