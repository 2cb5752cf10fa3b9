/// Writes that Redis had acknowledged and does not hold any more.
public struct LostWrites: Hashable, Sendable {
    /// How many scripts' writes are gone, at least: the last ones before Redis went away.
    public let count: Int64
}
