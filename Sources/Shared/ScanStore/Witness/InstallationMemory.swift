/// What one process has seen of the installation's data, and so what Redis must still hold.
///
/// Redis counts the runs of scripts. An answer with a lower count than was known when its request was sent means that Redis
/// has lost what it had acknowledged: its log was cut short, a backup was put back, a replica that was behind took over.
struct InstallationMemory: Sendable {
    /// What was known when a request was sent. Answers are looked at in any order, so each is compared with its own mark.
    struct Mark: Hashable, Sendable {
        /// The installation that the process works for; nil where it has seen none.
        let installation: String?
        fileprivate let writes: Int64
        fileprivate let losses: Int
    }

    /// The installation that the process works for: the one it was told of, or the first it saw, or one that a person has
    /// accepted in its place.
    private(set) var installation: String?
    /// What is there instead; nil where all is well.
    private(set) var foreign: ForeignInstallation?
    /// The highest epoch that was ever seen.
    private(set) var epoch: Int64 = 0
    /// How often writes were missing.
    private(set) var losses = 0
    private var writes: Int64 = 0

    /// - Parameter installation: the one to work for; nil for the first that is seen.
    init(installation: String? = nil) {
        self.installation = installation
    }

    /// What is known now.
    var mark: Mark { Mark(installation: installation, writes: writes, losses: losses) }

    /// Takes in whose data is there.
    ///
    /// - Parameters:
    ///   - isAccepted: whether a person has accepted it in place of the one that was known when the request was sent.
    ///   - mark: what was known then.
    mutating func saw(installation found: String?, isAccepted: Bool, since mark: Mark) {
        guard mark.installation == installation else { return }
        if let expected = installation, found != expected, found == nil || !isAccepted {
            foreign = ForeignInstallation(expected: expected, found: found)
        } else {
            installation = found
            foreign = nil
        }
    }

    mutating func saw(epoch: Int64) {
        self.epoch = max(self.epoch, epoch)
    }

    /// Takes in how many writes there were.
    ///
    /// - Parameters:
    ///   - own: how many of them are the request's own.
    ///   - mark: what was known when the request was sent.
    /// - Returns: how many are missing, once for each loss.
    mutating func saw(writes found: Int64, own: Int64, since mark: Mark) -> Int64? {
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
        return writes - (found - own)
    }
}
