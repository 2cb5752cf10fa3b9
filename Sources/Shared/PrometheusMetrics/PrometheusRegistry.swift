public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that Prometheus can scrape. Small, because the package that does this could not be had when
/// Tasker was written; anything else that speaks `MetricsFactory` can take its place.
///
/// Dots in labels become underscores; counters end in `_total`, timers are histograms of seconds. Safe to share.
public final class PrometheusRegistry: MetricsFactory {
    /// What a metric is, for those who read it.
    public struct Description: Sendable {
        let help: String
        let bounds: [Double]

        /// Describes a metric.
        ///
        /// - Parameter bounds: the upper bounds of a histogram's buckets, ascending, in the metric's unit; those of
        ///   ``latencyBounds`` where nothing is said.
        public init(_ help: String, bounds: [Double] = PrometheusRegistry.latencyBounds) {
            self.help = help
            self.bounds = bounds
        }
    }

    /// Seconds: from a millisecond, where a fast answer lies, to half a minute.
    public static let latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    /// The most combinations of labels of one metric. More of them are counted, and not shown.
    static let mostSeries = 1_000

    /// What a series is asked for by.
    private struct Question: Hashable {
        let label: String
        let suffix: String
        let kind: Family.Kind
        /// Names and values in turn.
        let dimensions: [String]
    }

    private struct State {
        var families: [String: Family] = [:]
        /// The series that are shown, so that what is counted again and again need not be written as text to be found.
        var known: [Question: any SeriesCell] = [:]
    }

    private let descriptions: [String: Description]
    private let state = Mutex(State())

    /// A registry that knows these metrics, by their labels in swift-metrics.
    public init(_ descriptions: [String: Description] = [:]) {
        self.descriptions = descriptions
    }

    /// A registry of a catalogue. The series that are known beforehand are there from the start, so that the first event is
    /// seen as an increase.
    public convenience init(catalogue: [MetricDefinition]) {
        self.init(
            Dictionary(catalogue.map { ($0.label, Description($0.help, bounds: $0.bounds)) }, uniquingKeysWith: { $1 })
        )
        for definition in catalogue {
            for dimensions in definition.knownSeries {
                switch definition.kind {
                case .counter: _ = makeCounter(label: definition.label, dimensions: dimensions)
                case .gauge: _ = makeMeter(label: definition.label, dimensions: dimensions)
                case .timer: _ = makeTimer(label: definition.label, dimensions: dimensions)
                }
            }
        }
    }

    /// All series in the text format of Prometheus, version 0.0.4.
    public func text() -> String {
        TextFormat.text(of: state.withLock(\.families))
    }

    /// The content type of ``text()``.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Counts up, for ever: `_total`.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", dimensions, kind: .counter) { _ in CounterCell() }
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, suffix: "", dimensions, kind: .gauge) { _ in GaugeCell() }
    }

    /// A histogram, or a gauge where nothing is to be aggregated.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            return series(label, suffix: "", dimensions, kind: .histogram) { HistogramCell(bounds: $0) }
        }
        return series(label, suffix: "", dimensions, kind: .gauge) { _ in GaugeCell() }
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", dimensions, kind: .histogram) { HistogramCell(bounds: $0) }
    }

    /// Does nothing: a series that vanished and came back would be read as a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing; see ``destroyCounter(_:)``.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// The series of a label and its dimensions, made when it is first asked for. One that cannot be shown, for it would
    /// be one too many or of another kind than its metric, works all the same.
    private func series<Cell: SeriesCell>(
        _ label: String,
        suffix: String,
        _ dimensions: [(String, String)],
        kind: Family.Kind,
        make: (_ bounds: [Double]) -> Cell
    ) -> Cell {
        let question = Question(
            label: label,
            suffix: suffix,
            kind: kind,
            dimensions: dimensions.flatMap { [$0.0, $0.1] }
        )
        return state.withLock { state in
            if let known = state.known[question] as? Cell { return known }
            let description = descriptions[label] ?? Description("")
            let name = TextFormat.name(label) + suffix
            let key = TextFormat.labels(dimensions)
            var family = state.families[name] ?? Family(kind: kind, help: description.help)
            let cell = family.series[key] as? Cell ?? make(description.bounds)
            if family.kind == kind, family.series[key] != nil || family.series.count < Self.mostSeries {
                family.series[key] = cell
                state.families[name] = family
                state.known[question] = cell
            }
            return cell
        }
    }
}

/// All series of one metric.
struct Family: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    let kind: Kind
    let help: String
    /// By their labels as they are written.
    var series: [String: any SeriesCell] = [:]
}
