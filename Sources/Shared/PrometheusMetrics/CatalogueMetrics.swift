import CoreMetrics

/// A counter of a catalogue. It counts in the metrics system of the process.
public struct CounterMetric: Sendable {
    /// What it is.
    public let definition: MetricDefinition

    /// A counter; `_total` comes behind its name.
    public init(_ label: String, _ help: String, _ labels: [MetricDefinition.Label] = []) {
        definition = MetricDefinition(label: label, kind: .counter, help: help, labels: labels, bounds: [])
    }

    /// Counts, under these values of its labels, in their order.
    public func count(_ amount: Int = 1, _ values: String...) {
        Counter(label: definition.label, dimensions: definition.dimensions(values)).increment(by: amount)
    }
}

/// A gauge of a catalogue. It is kept by the metrics system of the process.
public struct GaugeMetric: Sendable {
    /// What it is.
    public let definition: MetricDefinition

    /// A gauge, in the unit that its name ends with.
    public init(_ label: String, _ help: String, _ labels: [MetricDefinition.Label] = []) {
        definition = MetricDefinition(label: label, kind: .gauge, help: help, labels: labels, bounds: [])
    }

    /// Sets it, under these values of its labels, in their order.
    public func set(_ value: some BinaryInteger, _ values: String...) {
        meter(values).set(Double(value))
    }

    /// Sets it to a duration in seconds.
    public func set(_ duration: Duration, _ values: String...) {
        meter(values).set(duration / .seconds(1))
    }

    /// Changes it.
    public func add(_ amount: Int, _ values: String...) {
        meter(values).increment(by: Double(amount))
    }

    private func meter(_ values: [String]) -> Meter {
        Meter(label: definition.label, dimensions: definition.dimensions(values))
    }
}

/// A histogram of durations of a catalogue. It is kept by the metrics system of the process.
public struct TimerMetric: Sendable {
    /// What it is.
    public let definition: MetricDefinition

    /// A timer; `_seconds` comes behind its name.
    public init(
        _ label: String,
        _ help: String,
        _ labels: [MetricDefinition.Label] = [],
        bounds: [Double] = PrometheusRegistry.latencyBounds
    ) {
        definition = MetricDefinition(label: label, kind: .timer, help: help, labels: labels, bounds: bounds)
    }

    /// Notes a duration, under these values of its labels, in their order.
    public func record(_ duration: Duration, _ values: String...) {
        Timer(label: definition.label, dimensions: definition.dimensions(values))
            .recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}
