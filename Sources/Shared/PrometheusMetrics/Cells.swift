import CoreMetrics
import Synchronization

/// What one combination of labels has come to.
protocol SeriesCell: AnyObject, Sendable {
    /// The lines of this series: suffix of the metric's name, one more label, value.
    var samples: [Sample] { get }
}

struct Sample {
    var suffix = ""
    var label: (name: String, value: String)?
    let value: Double
}

final class CounterCell: SeriesCell, CounterHandler {
    private let value = Atomic<Int64>(0)

    var samples: [Sample] { [Sample(value: Double(value.load(ordering: .relaxed)))] }

    func increment(by amount: Int64) {
        value.add(amount, ordering: .relaxed)
    }

    func reset() {
        value.store(0, ordering: .relaxed)
    }
}

final class GaugeCell: SeriesCell, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    var samples: [Sample] { [Sample(value: value.withLock { $0 })] }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

final class HistogramCell: SeriesCell, TimerHandler, RecorderHandler {
    private struct State {
        /// What fell into each bucket, and above the last.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var samples: [Sample] {
        let state = state.withLock { $0 }
        var total = 0
        var samples: [Sample] = []
        for (bound, count) in zip(bounds.map(TextFormat.number) + ["+Inf"], state.counts) {
            total += count
            samples.append(Sample(suffix: "_bucket", label: ("le", bound), value: Double(total)))
        }
        samples.append(Sample(suffix: "_sum", value: state.sum))
        samples.append(Sample(suffix: "_count", value: Double(total)))
        return samples
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }
}
