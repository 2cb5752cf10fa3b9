/// How fast targets of a scan come to their end, measured over the last minutes, and with it when the scan does.
struct PaceEstimate: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What is older does not count.
    static let window = Duration.seconds(300)
    /// Before so much time was watched nothing is said.
    static let leastTime = Duration.seconds(10)
    /// How far apart two measurements are that are kept.
    static let spacing = Duration.seconds(5)

    private struct Measurement {
        let time: Instant
        let finished: Int
    }

    /// In order; 60 at most, and the latest.
    private var measurements: [Measurement] = []
    private var latest: Measurement?

    /// Notes how many targets have an outcome.
    mutating func note(finished: Int, at now: Instant) {
        if let latest, finished < latest.finished { self = PaceEstimate() }
        let measurement = Measurement(time: now, finished: finished)
        latest = measurement
        guard measurements.last.map({ now - $0.time >= Self.spacing }) ?? true else { return }
        measurements.append(measurement)
        measurements.removeAll { now - $0.time > Self.window }
    }

    /// In how many seconds as many targets as are open come to their end, in two significant digits: it is no better
    /// than that. Nil where nothing is known.
    func secondsLeft(open: Int) -> Int? {
        guard let latest, let first = measurements.first, latest.time - first.time >= Self.leastTime else { return nil }
        let finished = latest.finished - first.finished
        guard finished > 0 else { return nil }
        let seconds = Double(open) * ((latest.time - first.time) / .seconds(1)) / Double(finished)
        return Self.rounded(Int(min(seconds.rounded(.up), Double(Int32.max))))
    }

    private static func rounded(_ seconds: Int) -> Int {
        var unit = 1
        while seconds / unit >= 100 { unit *= 10 }
        return (seconds + unit / 2) / unit * unit
    }
}
