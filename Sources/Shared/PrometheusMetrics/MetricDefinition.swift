/// A metric as a catalogue has it: what it is called, what it says, and which series there can be of it.
public struct MetricDefinition: Sendable {
    /// What a metric does.
    public enum Kind: Sendable {
        /// Only grows while the process lives.
        case counter
        /// Goes up and down.
        case gauge
        /// Durations, in buckets of seconds.
        case timer
    }

    /// What a metric is divided by.
    public struct Label: Sendable {
        /// Its name.
        public let name: String
        /// All that it can be; empty where that is not known before it is seen, as it is of routes.
        public let values: [String]

        /// A label with these values.
        public init(_ name: String, _ values: [String] = []) {
            self.name = name
            self.values = values
        }

        /// A label with the values of an enumeration.
        public init<Value: CaseIterable & RawRepresentable<String>>(_ name: String, _ type: Value.Type) {
            self.init(name, type.allCases.map(\.rawValue))
        }
    }

    /// The label in swift-metrics: the name without what the kind puts behind it.
    public let label: String
    /// What it does.
    public let kind: Kind
    /// What it says, for those who read it.
    public let help: String
    /// What it is divided by.
    public let labels: [Label]
    /// The upper bounds of a timer's buckets, in seconds.
    let bounds: [Double]

    /// The name that Prometheus shows.
    public var name: String {
        switch kind {
        case .counter: label + "_total"
        case .gauge: label
        case .timer: label + "_seconds"
        }
    }

    /// The label pairs of the series that are known beforehand; none where some label's values are not.
    var knownSeries: [[(String, String)]] {
        labels.reduce([[]]) { series, label in
            series.flatMap { pairs in label.values.map { pairs + [(label.name, $0)] } }
        }
    }

    func dimensions(_ values: [String]) -> [(String, String)] {
        assert(values.count == labels.count, "\(label) has \(labels.count) labels")
        return zip(labels, values).map { ($0.name, $1) }
    }
}
