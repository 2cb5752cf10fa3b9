public import Foundation

/// Writes that Redis had acknowledged and does not hold any more.
public struct LostWrites: Hashable, Sendable, CustomStringConvertible {
    /// How many scripts' writes are gone, at least: the last ones before Redis went away.
    public let count: Int64
    /// When that was noticed.
    public let time: Date

    /// What is gone, and since when, in words.
    public var description: String {
        "Redis has lost at least \(count) acknowledged writes; noticed at \(time.formatted(.iso8601))"
    }
}
