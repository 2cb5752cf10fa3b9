/// What one process has seen of the installation's data, and so what Redis must still hold.
///
/// Redis counts the runs of scripts. An answer with a lower count than was known when its request was sent means that Redis
/// has lost what it had acknowledged: its log was cut short, a backup was put back, a replica that was behind took over.
struct InstallationMemory: Sendable {
    /// What was known when a request was sent. Answers are looked at in any order, so each is compared with its own mark.
    struct Mark: Hashable, Sendable {
        fileprivate let writes: Int64
        fileprivate let losses: Int
    }

    /// How often something was missing.
    private(set) var losses = 0
    private var writes: Int64 = 0

    /// What is known now.
    var mark: Mark { Mark(writes: writes, losses: losses) }

    /// Takes an answer in.
    ///
    /// - Parameters:
    ///   - found: how many writes there were.
    ///   - own: how many of them are the request's own.
    ///   - mark: what was known when the request was sent.
    /// - Returns: what is missing, once for each loss.
    mutating func saw(writes found: Int64, own: Int64, since mark: Mark) -> LostWrites? {
        // What was sent before a loss was noticed tells of a past that is gone.
        guard mark.losses == losses else { return nil }
        guard found - own < mark.writes else {
            writes = max(writes, found)
            return nil
        }
        defer {
            writes = found
            losses += 1
        }
        return LostWrites(count: writes - (found - own))
    }
}
