extension TimingOptions {
    /// What `maxRetries` may be.
    public static let retryBounds = 0...20

    /// What `minParallelism` and `maxParallelism` may be.
    public static let parallelismBounds = 1...700

    /// What `minRTTTimeoutMilliseconds` and `initialRTTTimeoutMilliseconds` may be.
    public static let rttTimeoutBounds = 1...60_000

    /// What `maxRTTTimeoutMilliseconds` may be: nmap quits when it is under 5 ms.
    public static let maxRTTTimeoutBounds = 5...60_000

    /// What `minRate` and `maxRate` may be.
    public static let rateBounds = 1...30_000

    /// One reason why nmap, or Tasker, would refuse these options.
    public struct Problem: Hashable, Sendable {
        /// The field at fault, under its name in the HTTP interface.
        public let field: String

        /// What is wrong with it.
        public let message: String
    }

    /// Everything wrong with these options, in the order of their arguments; empty when nmap will take them.
    ///
    /// nmap quits over a minimum above its maximum for parallelism and rate, not for the round-trip times.
    public var problems: [Problem] {
        var problems = numbers.compactMap { number -> Problem? in
            guard let value = number.value, !number.bounds.contains(value) else { return nil }
            let (lowest, highest) = (number.bounds.lowerBound, number.bounds.upperBound)
            return Problem(field: number.field, message: "must be from \(lowest) to \(highest)")
        }
        if let minParallelism, let maxParallelism, minParallelism > maxParallelism {
            problems.append(Problem(field: "min_parallelism", message: "must not exceed max_parallelism"))
        }
        if let minRate, let maxRate, minRate > maxRate {
            problems.append(Problem(field: "min_rate", message: "must not exceed max_rate"))
        }
        return problems
    }

    /// One numeric option: its name in the HTTP interface, its argument, its value and what that may be.
    struct Number {
        let field: String
        let argument: String
        let value: Int?
        let bounds: ClosedRange<Int>
        let unit: String

        init(_ field: String, _ argument: String, _ value: Int?, in bounds: ClosedRange<Int>, unit: String = "") {
            self.field = field
            self.argument = argument
            self.value = value
            self.bounds = bounds
            self.unit = unit
        }
    }

    /// The numeric options in the order of the original's command line.
    var numbers: [Number] {
        let (parallelism, wait, longestWait) = (Self.parallelismBounds, Self.rttTimeoutBounds, Self.maxRTTTimeoutBounds)
        let (minWait, maxWait) = (minRTTTimeoutMilliseconds, maxRTTTimeoutMilliseconds)
        let firstWait = initialRTTTimeoutMilliseconds
        return [
            Number("max_retries", "--max-retries", maxRetries, in: Self.retryBounds),
            Number("min_parallelism", "--min-parallelism", minParallelism, in: parallelism),
            Number("max_parallelism", "--max-parallelism", maxParallelism, in: parallelism),
            Number("min_rtt_timeout_ms", "--min-rtt-timeout", minWait, in: wait, unit: "ms"),
            Number("max_rtt_timeout_ms", "--max-rtt-timeout", maxWait, in: longestWait, unit: "ms"),
            Number("initial_rtt_timeout_ms", "--initial-rtt-timeout", firstWait, in: wait, unit: "ms"),
            Number("min_rate", "--min-rate", minRate, in: Self.rateBounds),
            Number("max_rate", "--max-rate", maxRate, in: Self.rateBounds),
        ]
    }
}
