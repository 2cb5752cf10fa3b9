/// The most targets that one scan may name, counted on the union of its entries.
public struct TargetLimit: Hashable, Sendable {
    /// How many.
    public let maximum: UInt64

    /// A limit.
    public init(_ maximum: UInt64) {
        self.maximum = maximum
    }

    /// In words, by how much a count exceeds the limit; nil where it does not.
    public func excess(of count: UInt64) -> String? {
        guard count > maximum else { return nil }
        // Counts end there: it stands for any larger one as well.
        guard count < .max else { return "the hosts name more than \(count) targets; one scan may have \(maximum)" }
        return "the hosts name \(count) targets, \(count - maximum) more than the \(maximum) that one scan may have"
    }
}
