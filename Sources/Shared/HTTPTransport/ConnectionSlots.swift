/// Which requests may run and which wait: so many at a time to one origin, the rest first in, first out.
///
/// libcurl can do this too (`CURLMOPT_MAX_HOST_CONNECTIONS`), but version 7.88 checks no timeout while a transfer waits
/// for a connection.
struct ConnectionSlots {
    private let maximumPerOrigin: Int
    private var running: [Origin: Int] = [:]
    private var waiting: [Origin: [Submission]] = [:]

    /// No waiting request's deadline is earlier.
    private(set) var earliestDeadline: ContinuousClock.Instant?

    init(maximumPerOrigin: Int) {
        self.maximumPerOrigin = maximumPerOrigin
    }

    /// Whether the request may run now. It holds a slot then, to be given back by `release`; otherwise it waits.
    mutating func admit(_ submission: Submission) -> Bool {
        let count = running[submission.origin, default: 0]
        if count < maximumPerOrigin {
            running[submission.origin] = count + 1
            return true
        }
        waiting[submission.origin, default: []].append(submission)
        earliestDeadline = min(earliestDeadline ?? submission.deadline, submission.deadline)
        return false
    }

    /// Gives a slot back. The request returned, if any, has it now. Requests that were cancelled meanwhile are skipped.
    mutating func release(_ origin: Origin) -> Submission? {
        if var line = waiting.removeValue(forKey: origin) {
            let next = line.firstIndex { !$0.isCompleted }
            let submission = next.map { line[$0] }
            line.removeFirst(next.map { $0 + 1 } ?? line.count)
            if !line.isEmpty {
                waiting[origin] = line
            }
            if let submission {
                return submission
            }
        }
        let count = running[origin, default: 1] - 1
        running[origin] = count > 0 ? count : nil
        return nil
    }

    /// Removes and returns the waiting requests whose deadline has passed.
    mutating func takeExpired(at now: ContinuousClock.Instant) -> [Submission] {
        guard let earliestDeadline, earliestDeadline <= now else { return [] }
        var expired: [Submission] = []
        for (origin, line) in waiting {
            expired += line.filter { $0.deadline <= now }
            let remaining = line.filter { $0.deadline > now && !$0.isCompleted }
            waiting[origin] = remaining.isEmpty ? nil : remaining
        }
        self.earliestDeadline = waiting.values.joined().lazy.map(\.deadline).min()
        return expired
    }

    /// Removes and returns all waiting requests.
    mutating func takeAll() -> [Submission] {
        defer { waiting.removeAll() }
        return Array(waiting.values.joined())
    }
}
