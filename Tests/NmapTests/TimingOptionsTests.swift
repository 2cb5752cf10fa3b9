import Nmap
import Testing

@Suite("Timing options")
struct TimingOptionsTests {
    @Test("nothing set, and every value at its bound, is no problem")
    func bounds() {
        #expect(TimingOptions().problems.isEmpty)
        let lowest = TimingOptions(
            maxRetries: 0,
            minParallelism: 1,
            maxParallelism: 1,
            minRTTTimeoutMilliseconds: 1,
            maxRTTTimeoutMilliseconds: 5,
            initialRTTTimeoutMilliseconds: 1,
            minRate: 1,
            maxRate: 1
        )
        #expect(lowest.problems.isEmpty)
        let highest = TimingOptions(
            maxRetries: 20,
            minParallelism: 700,
            maxParallelism: 700,
            minRTTTimeoutMilliseconds: 60_000,
            maxRTTTimeoutMilliseconds: 60_000,
            initialRTTTimeoutMilliseconds: 60_000,
            minRate: 30_000,
            maxRate: 30_000
        )
        #expect(highest.problems.isEmpty)
    }

    @Test("a value outside its bounds is named by its field in the HTTP interface")
    func outside() {
        let options = TimingOptions(
            maxRetries: -1,
            minParallelism: 0,
            maxParallelism: 701,
            minRTTTimeoutMilliseconds: 0,
            maxRTTTimeoutMilliseconds: 4,
            initialRTTTimeoutMilliseconds: 60_001,
            minRate: 0,
            maxRate: 30_001
        )
        #expect(
            options.problems.map(\.field) == [
                "max_retries", "min_parallelism", "max_parallelism", "min_rtt_timeout_ms", "max_rtt_timeout_ms",
                "initial_rtt_timeout_ms", "min_rate", "max_rate",
            ]
        )
        #expect(options.problems.first?.message == "must be from 0 to 20")
    }

    @Test("a minimum above its maximum, over which nmap quits, is a problem")
    func crossed() {
        let options = TimingOptions(minParallelism: 5, maxParallelism: 4, minRate: 5, maxRate: 4)
        #expect(options.problems.map(\.field) == ["min_parallelism", "min_rate"])
    }
}
